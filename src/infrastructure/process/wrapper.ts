import { execaSync } from 'execa';
import { findProgram } from './findProgram.ts';

export type CommandLine = { readonly command: string; readonly args: readonly string[] };

/**
 * What the kernel does for us when our own process dies without a word (SIGKILL, out of memory):
 * `namespace` ends everything that was started, `parent-death` the first process only, `group` nothing.
 */
export type Isolation = 'namespace' | 'parent-death' | 'group';

export type Wrapper = { readonly isolation: Isolation; readonly wrap: (line: CommandLine) => CommandLine };

/**
 * The first process of the PID namespace. Process 1 ignores every signal that it has no handler for, SIGTERM
 * too, so the command must not be process 1; this shell is, and reaps orphans on the side. Every namespace
 * counts from 1, so that `$$` and temporary names made of it would be the same in every lane: numbering starts
 * where the first argument says.
 */
const FIRST_PROCESS = [
  '{ echo "$1" >/proc/sys/kernel/ns_last_pid; } 2>/dev/null',
  'shift',
  '(exec "$@"); exit $?',
].join('\n');

/** Below the smallest default of pid_max, and 7919 is prime to it: no two of 32,000 starts in a row are alike. */
const NUMBERS = 32_000;
let starts = process.pid;
const nextNumber = (): string => {
  starts += 1;
  return String(300 + ((starts * 7919) % NUMBERS));
};

const SHELL = '/bin/sh';
const PROBE_MS = 5000;

const GROUP: Wrapper = { isolation: 'group', wrap: (line) => line };

/**
 * Best first. With a /proc of its own a worker sees no other process, and the CLI's sandbox works inside; some
 * containers refuse that mount. The rungs with a user namespace are for everyone but root; their capabilities
 * serve the numbering and the mount, and are dropped again.
 */
const ladder = (setpriv: string, unshare: string): readonly Wrapper[] => {
  const dying = ['--pdeathsig', 'KILL'];
  const namespace = ['--pid', '--fork', '--kill-child'];
  const first = (): readonly string[] => ['--', SHELL, '-c', FIRST_PROCESS, 'sh', nextNumber()];
  const user = ['--user', '--map-current-user', '--keep-caps'];
  const bare = [setpriv, '--ambient-caps=-all', '--inh-caps=-all'];
  const rung = (flags: readonly string[], between: readonly string[]): Wrapper => ({
    isolation: 'namespace',
    wrap: ({ command, args }) => ({
      command: setpriv,
      args: [...dying, unshare, ...flags, ...namespace, ...first(), ...between, command, ...args],
    }),
  });
  return [
    rung(['--mount-proc'], []),
    rung([...user, '--mount-proc'], bare),
    rung([], []),
    rung(user, bare),
    {
      isolation: 'parent-death',
      wrap: ({ command, args }) => ({ command: setpriv, args: [...dying, command, ...args] }),
    },
  ];
};

const works = ({ wrap }: Wrapper): boolean => {
  const { command, args } = wrap({ command: SHELL, args: ['-c', 'exit 0'] });
  const { exitCode } = execaSync(command, args, {
    env: {},
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: PROBE_MS,
  });
  return exitCode === 0;
};

/** The best wrapper that works here, found by trying: containers refuse namespaces in many ways. */
export const probeWrapper = (path: string | undefined): Wrapper => {
  if (process.platform !== 'linux') return GROUP;
  const setpriv = findProgram('setpriv', path, '/');
  if (setpriv === undefined) return GROUP;
  const unshare = findProgram('unshare', path, '/');
  const rungs = ladder(setpriv, unshare ?? '');
  return (unshare === undefined ? rungs.slice(-1) : rungs).find(works) ?? GROUP;
};

let found: Wrapper | undefined;

/** {@link probeWrapper}, asked once a process: about 20 ms. */
export const wrapper = (): Wrapper => {
  found ??= probeWrapper(process.env.PATH);
  return found;
};
