import { has, scanOptions } from '../options.ts';
import { critical, type Finding, high, type Invocation, type RuleTable, reads, under } from '../rule.ts';
import { namedPaths } from './namedPaths.ts';
import { restartsOne } from './serviceUnits.ts';

const only =
  (readOnly: RegExp, text: string) =>
  (call: Invocation): readonly Finding[] =>
    onlyShows(call) || call.args.some((arg) => readOnly.test(arg)) ? [] : [high('system', text)];

/** Programs by the words with which they only show something. `''` stands for no argument at all. */
const SHOWS: Readonly<Record<string, RegExp>> = {
  passwd: /^(-S|--status)( \w+| -a)?$/u,
  visudo: /^-c[sq]*$/u,
  vipw: /^$/u,
  useradd: /^(-D|--defaults)$/u,
  modprobe: /^(-[nc]|--dry-run|--show-\S+|--showconfig|-D)( [^-]\S*)*$/u,
  kmod: /^(list|help|static-nodes)$/u,
  efibootmgr: /^(-v|--verbose)?$/u,
  bootctl: /^(status|list|is-installed|-p|--print-esp-path)?$/u,
  dracut: /^--(list-modules|print-cmdline|kernel-only)( \S+)*$/u,
  fwupdmgr: /^get-[\w-]+( \S+)*$/u,
  swapon: /^(-s|--summary|--show\S*)( --\S+)*$/u,
  swapoff: /^$/u,
  shutdown: /^(--show|-c)$/u,
  systemctl:
    /^(--user |--system )?(--(failed|all|state=\S+|type=\S+|no-pager|full|plain)( |$)|-[alq]( |$))*$/u,
  iptables: /^(-t \w+ )?(-[nvx]*[LS][nvx]*|-C|--check|--list\S*)( [^-!]\S*| -[nvxjpds]+| --\S+)*$/u,
  ip6tables: /^(-t \w+ )?(-[nvx]*[LS][nvx]*|-C|--check|--list\S*)( [^-!]\S*| -[nvxjpds]+| --\S+)*$/u,
  'firewall-cmd': /^(--(get|list|query|info|state|version|permanent|zone|check)\S*( |$))+$/u,
  pfctl: /^-s ?\w+$/u,
  hostnamectl: /^(hostname|chassis)?$/u,
  timedatectl: /^$/u,
  loginctl: /^(list-\S+|show-\S+|\S+-status)?( \S+)*$/u,
  localectl: /^$/u,
  'update-alternatives': /^--(query|get-selections|display|list)( \S+)?$/u,
  spctl: /^--(status|assess|list)\b/u,
  nvram: /^(-p|-xp|[\w-]+)$/u,
  tmutil:
    /^(latestbackup|listbackups|status|destinationinfo|isexcluded|compare|uniquesize|listlocalsnapshots)\b/u,
};

const HELP = /^(--help|--version|-h|-V|help)$/u;

/** True where it only asks for help, or for what its program shows. */
const onlyShows = ({ name, args }: Invocation): boolean =>
  (args.length === 1 && HELP.test(args[0] ?? '')) ||
  (args.length < 20 && SHOWS[name]?.test(args.join(' ')) === true);

const always =
  (text: string) =>
  (call: Invocation): readonly Finding[] =>
    onlyShows(call) ? [] : [high('system', text)];

const unless =
  (allowed: (call: Invocation) => boolean, readOnly: RegExp, text: string) =>
  (call: Invocation): readonly Finding[] =>
    allowed(call) ? [] : only(readOnly, text)(call);

/** What changes the machine, its users, its services, or how it starts. */
export const SYSTEM_RULES: RuleTable = {
  ...under('shutdown reboot halt poweroff init telinit kexec', {
    base: 'MEDIUM',
    findings: always('it stops the machine'),
  }),
  ...under(
    'useradd userdel usermod groupadd groupdel groupmod adduser deluser passwd chpasswd visudo vipw chsh gpasswd dscl sysadminctl',
    { base: 'MEDIUM', findings: always('it changes users or their rights') },
  ),
  ...under(
    'insmod rmmod modprobe kmod depmod grub-install update-grub efibootmgr bootctl dracut update-initramfs flashrom fwupdmgr',
    { base: 'MEDIUM', findings: always('it changes the kernel or how the machine starts') },
  ),
  ...under('umount swapoff swapon pivot_root', {
    base: 'MEDIUM',
    findings: always('it changes mounted file systems'),
  }),
  mount: {
    base: 'MEDIUM',
    findings: (call) =>
      call.args.filter((arg) => !arg.startsWith('-')).length > 0
        ? [high('system', 'it changes mounted file systems')]
        : [],
  },
  ...under('systemctl service rc-service launchctl initctl', {
    base: 'MEDIUM',
    findings: unless(
      restartsOne,
      /^(status|list-.*|show|show-.*|is-active|is-enabled|is-failed|is-system-running|cat|--version|get-default|print.*|list|blame|--status-all|help|--help|start|reload|try-reload-or-restart|daemon-reload|configtest)$/u,
      'it changes services of the machine',
    ),
  }),
  ...under('iptables ip6tables nft ufw firewall-cmd pfctl ebtables iptables-restore', {
    base: 'MEDIUM',
    findings: only(
      /^(-L|-S|--list.*|status|list|show|-nL|-nvL|-Ln|-Lnv|--state|-s)$/u,
      'it changes the firewall',
    ),
  }),
  crontab: { base: 'MEDIUM', findings: only(/^-l$/u, 'it changes what runs later') },
  sysctl: {
    base: 'MEDIUM',
    findings: (call) =>
      call.args.some((arg) => /^(-w|--write|-p|--system|--load.*)$/u.test(arg) || arg.includes('='))
        ? [high('system', 'it changes kernel settings')]
        : [],
  },
  ...under('ip ifconfig route nmcli', {
    base: 'MEDIUM',
    findings: (call) =>
      call.args.some((arg) => /^(del|delete|flush|down|add|replace|off)$/u.test(arg))
        ? [high('system', 'it changes the network of the machine')]
        : [],
  }),
  ...under('journalctl logrotate', {
    base: 'MEDIUM',
    findings: (call) =>
      call.args.some((arg) => /^--(vacuum|rotate|flush)/u.test(arg)) ||
      (call.name === 'logrotate' && has(scanOptions(call.args), 'f', 'force'))
        ? [high('delete', 'it deletes logs')]
        : [],
  }),
  ...under(
    'setcap setenforce aa-disable aa-teardown semanage spctl csrutil nvram tmutil timedatectl hostnamectl loginctl localectl update-alternatives update-rc.d chkconfig',
    {
      base: 'MEDIUM',
      findings: only(
        /^(status|list.*|show.*|--get|--display|--list|-l|--version|get)$/u,
        'it changes settings of the machine',
      ),
    },
  ),
  ...under('defaults dconf gsettings reg regedit', {
    base: 'MEDIUM',
    findings: only(/^(read.*|find|domains|list.*|dump|query|get)$/iu, 'it changes settings of the user'),
  }),
  'claude-orchestrator': {
    base: 'MEDIUM',
    findings: (call) =>
      call.args.length === 1 && /^(--version|-V|--help|-h|help|version)$/u.test(call.args[0] ?? '')
        ? []
        : [critical('own-commands', "it runs the orchestrator's own commands")],
  },
  gpg: {
    base: 'MEDIUM',
    findings: (call) =>
      call.args.some((arg) => /^--(delete|export-secret)/u.test(arg))
        ? [high('delete', 'it deletes or exports keys')]
        : reads(namedPaths(call.args)),
  },
};
