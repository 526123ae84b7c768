import { has, scanOptions } from '../options.ts';
import { type Finding, high, type Invocation, type RuleTable, under } from '../rule.ts';

const only =
  (readOnly: RegExp, text: string) =>
  (call: Invocation): readonly Finding[] =>
    call.args.some((arg) => readOnly.test(arg)) ? [] : [high('system', text)];

const always =
  (text: string) =>
  (call: Invocation): readonly Finding[] =>
    call.args.length === 1 && /^(--help|--version|-h|-V)$/u.test(call.args[0] ?? '')
      ? []
      : [high('system', text)];

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
    findings: only(
      /^(status|list-.*|show|is-active|is-enabled|is-failed|cat|--version|get-default|print.*|list|--status-all|help)$/u,
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
      call.args.some((arg) => /^(del|delete|flush|down|add|set|replace|up|off)$/u.test(arg))
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
  ...under('claude claude-orchestrator', {
    base: 'MEDIUM',
    findings: (call) =>
      call.args.every((arg) => /^(--version|-v|--help|-h)$/u.test(arg)) && call.args.length > 0
        ? []
        : [high('privilege', 'it starts another agent that nobody watches')],
  }),
  gpg: {
    base: 'MEDIUM',
    findings: (call) =>
      call.args.some((arg) => /^--(delete|export-secret)/u.test(arg))
        ? [high('delete', 'it deletes or exports keys')]
        : [],
  },
};
