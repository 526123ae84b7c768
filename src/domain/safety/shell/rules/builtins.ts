import { isUncertain } from '../../markers.ts';
import { scanOptions } from '../options.ts';
import { type Finding, high, type Invocation, type RuleTable, risk, script, under } from '../rule.ts';
import { assignmentFindings } from './environment.ts';

const evaluated = (call: Invocation): readonly Finding[] =>
  call.args.length === 0
    ? []
    : [script(call.args.filter((arg, at) => !(at === 0 && arg === '--')).join(' '))];

const sourced = (call: Invocation): readonly Finding[] => {
  const file = call.args.find((arg) => !arg.startsWith('-'));
  if (file === undefined) return [];
  if (isUncertain(file) || /^\/dev\//u.test(file))
    return [high('dynamic-script', 'it runs a script that is known only when it runs')];
  return [
    { is: 'read', path: file },
    { is: 'execute', path: file },
  ];
};

const declared = (call: Invocation): readonly Finding[] =>
  call.args.flatMap((arg) => {
    const at = arg.indexOf('=');
    // `export GIT_DIR` gives programs a variable that got its value before.
    if (at === -1) return /^GIT_/u.test(arg) ? assignmentFindings(arg, '') : [];
    return assignmentFindings(arg.slice(0, at), arg.slice(at + 1));
  });

/** `trap 'commands' SIGNAL`: the commands run later, but they run. */
const trapped = (call: Invocation): readonly Finding[] => {
  const [action = '', signal] = scanOptions(call.args).operands;
  return signal === undefined || action === '' || action === '-' ? [] : [script(action)];
};

const aliased = (call: Invocation): readonly Finding[] =>
  call.args.filter((arg) => arg.includes('=')).map((arg) => script(arg.slice(arg.indexOf('=') + 1)));

export const BUILTIN_RULES: RuleTable = {
  ...under(
    'cd pushd popd dirs read return exit break continue shift local wait getopts mapfile readarray history',
    { base: 'SAFE' },
  ),
  ...under('export declare typeset readonly local', { base: 'SAFE', findings: declared }),
  let: {
    base: 'SAFE',
    // Arithmetic expands what its text holds once more.
    findings: (call) =>
      call.args.some((arg) => /\$\(|`|\[/u.test(arg) || isUncertain(arg))
        ? [high('dynamic-script', 'it may run what its arithmetic holds')]
        : [],
  },
  eval: { base: 'SAFE', findings: evaluated },
  ...under('source .', { base: 'MEDIUM', findings: sourced }),
  trap: { base: 'SAFE', findings: trapped },
  alias: { base: 'MEDIUM', findings: aliased },
  enable: {
    base: 'MEDIUM',
    findings: (call) =>
      call.args.some((arg) => arg.startsWith('-f'))
        ? [high('environment', 'it loads code into the shell')]
        : [],
  },
  unset: { base: 'SAFE' },
  set: { base: 'MEDIUM' },
  history: {
    base: 'SAFE',
    findings: (call) =>
      call.args.some((arg) => /^-[a-z]*[cdwa]/u.test(arg))
        ? [high('delete', 'it changes the shell history')]
        : [],
  },
  kill: {
    base: 'MEDIUM',
    findings: (call) =>
      call.args.slice(1).includes('-1') || call.args.join(' ') === '-1' || call.args.includes('1')
        ? [high('system', 'it signals every process')]
        : [],
  },
  ...under('pkill killall', {
    base: 'MEDIUM',
    findings: (call) => {
      const { operands } = scanOptions(call.args, { values: 'u U g G P t s signal n' });
      const broad = operands.some(
        (name) =>
          /^(.{0,2}|\.\*|node|npm|claude.*|.*orchestrator.*|bash|sh|zsh|git|init|systemd|sshd)$/u.test(
            name,
          ) || isUncertain(name),
      );
      const everyone = call.args.some((arg) => /^-u$|^-[uU].|^--u/u.test(arg));
      return broad || everyone || operands.length === 0
        ? [high('system', 'it ends processes that may not be its own')]
        : [risk('command', 'MEDIUM', 'it ends processes by name')];
    },
  }),
};
