import { scanOptions, valuesOf } from '../options.ts';
import { elsewhere, type Finding, high, type Invocation, type RuleTable, script } from '../rule.ts';
import { runsByOption } from './requests.ts';
import { sendsInput } from './sending.ts';

const ssh = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, {
    values: 'b c D E e F I i J L l m O o p Q R S W w B',
    flags: '4 6 A a C f G g K k M N n q s T t V v X x Y y',
    stopAtOperand: true,
  });
  const remote = scan.rest.slice(1);
  const runs = runsByOption(valuesOf(scan, 'o'));
  const stdin =
    remote.length === 0 && call.stdin.kind === 'text' ? [elsewhere(call.stdin.text, 'machine')] : [];
  const fed =
    remote.length === 0 && call.stdin.kind === 'pipe'
      ? [high('dynamic-script', 'it sends an unknown script to another machine')]
      : [];
  return [
    ...runs.map(script),
    ...(remote.length > 0 ? [elsewhere(remote.join(' '), 'machine')] : []),
    ...stdin,
    ...fed,
    ...(remote.length > 0 && call.stdin.kind !== 'text' ? sendsInput(call, scan.rest.slice(0, 1)) : []),
  ];
};

/** `autossh -M 0 …`: ssh, kept alive. */
const keptAlive = (call: Invocation): readonly Finding[] => {
  const at = call.args.findIndex((arg) => arg.startsWith('-M'));
  const taken = at === -1 ? 0 : call.args[at] === '-M' ? 2 : 1;
  const args = call.args.filter((arg, index) => (index < at || index >= at + taken) && arg !== '-f');
  return ssh({ ...call, args });
};

/** `mosh host -- command`. */
const mosh = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, {
    values: 'p a n ssh port family bind-server server client predict experimental-remote-ip',
    stopAtOperand: true,
  });
  const remote = scan.rest.slice(1).filter((word, at) => at > 0 || word !== '--');
  return [
    ...valuesOf(scan, 'ssh', 'client').map(script),
    ...[...valuesOf(scan, 'server'), ...(remote.length > 0 ? [remote.join(' ')] : [])].map((text) =>
      elsewhere(text, 'machine'),
    ),
  ];
};

/** `sshfs -o ssh_command=…`. */
const mounted = (call: Invocation): readonly Finding[] =>
  valuesOf(scanOptions(call.args, { values: 'o p F' }), 'o')
    .flatMap((option) => option.split(','))
    .flatMap((option) => [/^ssh_command=(.*)$/su.exec(option)?.[1] ?? [], runsByOption([option])].flat())
    .map(script);

/** Programs that send commands to another machine. */
export const REMOTE_SHELL_RULES: RuleTable = {
  ssh: { base: 'MEDIUM', findings: ssh },
  autossh: { base: 'MEDIUM', findings: keptAlive },
  mosh: { base: 'MEDIUM', findings: mosh },
  sshfs: { base: 'MEDIUM', findings: mounted },
};
