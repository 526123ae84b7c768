import type { OptionSpec } from '../options.ts';

/** How a program that runs another finds that other in its own arguments. */
export type Wrapper = OptionSpec & {
  /** Operands of its own before the command: timeout's duration. */
  readonly own?: number;
  /** `NAME=value` operands before the command. */
  readonly assigns?: true;
  /** Options whose value a shell reads. */
  readonly scripts?: string;
  /** The words are joined and read by a shell. */
  readonly joined?: true;
  /** Flag by which the words are joined and read by a shell. */
  readonly joinedBy?: string;
  /** It gives more rights than the worker has. */
  readonly privileged?: true;
  /** Option whose value is the folder the command runs in. */
  readonly folder?: string;
  /** Options whose value is a file that it writes. */
  readonly outputs?: string;
  /** Its first operand is a file that it writes. */
  readonly records?: true;
};

/** Those without options of their own that matter, or with ones that take their value attached. */
const PLAIN =
  'systemd-cat chronic ifne torify tsocks linux32 linux64 i386 x86_64 uname26 pgrphack softlimit sotruss memusage heaptrack xinit dbus-launch nq pseudo eatmydata';

/** A table of wrappers: each one with the options of its own manual. */
export const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  ...Object.fromEntries(PLAIN.split(' ').map((name) => [name, {}])),
  sudo: {
    values:
      'u g h p C D R T r t U user group host prompt chdir chroot close-from command-timeout role type other-user',
    flags: 'A b E e H i K k l n P S s V v login shell preserve-env non-interactive stdin',
    assigns: true,
    privileged: true,
    folder: 'D',
  },
  doas: { values: 'u C a', flags: 'L n s', privileged: true },
  su: {
    values: 'c s g G w command shell group',
    flags: 'l m p f P login pty',
    scripts: 'c command',
    own: 1,
    privileged: true,
  },
  pkexec: { values: 'user', flags: 'disable-internal-agent', privileged: true },
  runuser: { values: 'u c g G s', flags: 'l', scripts: 'c command', privileged: true },
  run0: { values: 'u g unit user', privileged: true },
  gosu: { own: 1, privileged: true },
  'su-exec': { own: 1, privileged: true },
  chroot: { values: 'userspec groups', flags: 'skip-chdir', own: 1, privileged: true },
  sg: { own: 1, scripts: 'c', joined: true },
  // The loader of the system, started as a program: ruleFor knows it by the form of its name.
  'ld.so': {
    values: 'library-path preload audit argv0 inhibit-rpath glibc-hwcaps-prepend glibc-hwcaps-mask',
    flags: 'list verify inhibit-cache list-tunables list-diagnostics help version',
  },
  unshare: {
    values: 'S G R w setuid setgid root wd kill-child propagation',
    flags: 'm u i n p U C T f r c fork pid mount net user map-root-user',
  },
  nsenter: { values: 't target S G', privileged: true },
  setpriv: { values: 'reuid regid groups pdeathsig bounding-set ambient-caps inh-caps', privileged: true },
  'systemd-run': {
    values: 'p u t unit property uid gid slice on-calendar on-active description E setenv',
    privileged: true,
  },
  command: { flags: 'p v V' },
  builtin: {},
  exec: { values: 'a', flags: 'c l' },
  nice: { values: 'n adjustment', flags: '0 1 2 3 4 5 6 7 8 9' },
  ionice: { values: 'c n p P u class classdata', flags: 't' },
  nohup: {},
  time: { values: 'f o format output', flags: 'p v a portability verbose append', outputs: 'o output' },
  gtime: { values: 'f o format output', flags: 'p v a', outputs: 'o output' },
  timeout: { values: 's k signal kill-after', flags: 'v p f foreground preserve-status verbose', own: 1 },
  gtimeout: { values: 's k signal kill-after', flags: 'v foreground preserve-status', own: 1 },
  stdbuf: { values: 'i o e input output error' },
  unbuffer: { flags: 'p' },
  setsid: { flags: 'c f w ctty fork wait' },
  chrt: { values: 'T P D', flags: 'b f i o r a m p v', own: 1 },
  chpst: { values: 'u U e n l L o d f m c r t / 0 1 2', flags: 'v P' },
  proot: { values: 'r b w q R S k i rootfs bind cwd kernel-release', flags: '0 v' },
  'ssh-agent': { values: 'a t E P', flags: 'c s k D d' },
  setarch: { flags: 'R X F I L S T Z B v', own: 1 },
  taskset: { flags: 'a p c', own: 1 },
  numactl: { values: 'N m C p i cpunodebind membind physcpubind interleave preferred', flags: 'l' },
  prlimit: { values: 'p pid' },
  cpulimit: { values: 'l p e' },
  flock: {
    values: 'w E c timeout conflict-exit-code command',
    flags: 's x e u n o F nonblock exclusive shared',
    own: 1,
    scripts: 'c command',
  },
  strace: {
    values: 'e o p s E u a b I O P S X trace output',
    flags: 'f ff c C d i k n q r t tt T v x y',
    outputs: 'o output',
  },
  ltrace: { values: 'e o p s output', flags: 'f c', outputs: 'o output' },
  perf: { values: 'e o F output', own: 1, flags: 'a g', outputs: 'o output' },
  valgrind: {},
  catchsegv: {},
  caffeinate: { values: 't w', flags: 'd i m s u' },
  dotenv: { values: 'e f c' },
  'dotenv-cli': { values: 'e f c' },
  'cross-env': { assigns: true },
  'cross-env-shell': { assigns: true, joined: true },
  direnv: { own: 2 },
  watch: {
    values: 'n d q interval',
    flags: 'b c e g t p w x color exec beep errexit chgexit no-title precise',
    joined: true,
  },
  watchexec: {
    values:
      'e w W i f d s o N j exts watch watch-non-recursive ignore ignore-file filter filter-file debounce signal stop-signal stop-timeout on-busy-update delay-run map-signal workdir project-origin env shell fs-events log-file',
    flags: 'r c n p v q 1 clear restart postpone no-shell no-vcs-ignore once timings quiet verbose',
    joined: true,
  },
  entr: { flags: 'c d n p r s z a', joinedBy: 's' },
  'systemd-inhibit': { values: 'what who why mode' },
  choom: { values: 'n p adjust pid' },
  uclampset: { values: 'm M p', flags: 'a s R' },
  schedtool: { values: 'a p n', flags: 'N F R B I D e' },
  trickle: { values: 'd u w t l n', flags: 's v' },
  cgexec: { values: 'g', flags: 'sticky' },
  tsp: { values: 'L D W N', flags: 'n f m d B E' },
  lckdo: { values: 'W', flags: 'w e E q s x t', own: 1 },
  setlock: { flags: 'n N x X', own: 1 },
  envdir: { own: 1 },
  envuidgid: { own: 1 },
  setuidgid: { own: 1 },
  script: {
    values: 'c E I O B T m o command log-in log-out log-io log-timing logging-format output-limit echo',
    flags: 'a e f q return flush quiet append',
    scripts: 'c command',
    own: 1,
    outputs: 'I O B T log-in log-out log-io log-timing',
    records: true,
  },
  busybox: {},
  toybox: {},
  proxychains: { values: 'f', flags: 'q' },
  proxychains4: { values: 'f', flags: 'q' },
  torsocks: {},
  sshpass: { values: 'p f d P', flags: 'e v' },
  noglob: {},
  nocorrect: {},
  xvfb: { values: 'e f n p s' },
  'xvfb-run': { values: 'e f n p s w', flags: 'a l' },
  dbus: {},
  'dbus-run-session': {},
  fakeroot: {},
  firejail: {},
  tini: { values: 'p e', flags: 's g v w' },
  'dumb-init': { flags: 'c v' },
  faketime: { own: 1 },
};

export const ENV: Wrapper = {
  values: 'u C S unset chdir split-string',
  flags: 'i 0 v ignore-environment null debug',
  assigns: true,
  scripts: 'S split-string',
  folder: 'C',
};
