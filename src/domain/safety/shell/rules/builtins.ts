import { isUncertain } from '../../markers.ts';
import { scanOptions, valuesOf } from '../options.ts';
import {
  critical,
  type Finding,
  high,
  type Invocation,
  type RuleTable,
  risk,
  script,
  under,
} from '../rule.ts';
import { assignmentFindings } from './environment.ts';

/** Programs that print the lines by which a shell gets to know them, with the words that ask for it. */
const INITIALISES =
  /^(?:eval|source|\.)\s+(?:"?\$\(|<\(|`)\s*(?:ssh-agent(?: -s)?|direnv (?:hook|export) \w+|opam env|(?:py|rb|nod|go|j|pl|php)env init(?: -)?|fnm env|brew shellenv|minikube (?:-p \w+ )?docker-env|docker-machine env(?: \w+)?|dircolors(?: -b)?|lesspipe|(?:starship|zoxide|atuin|oh-my-posh) init \w+|(?:mise|rtx|conda) (?:activate|shell\.\w+ hook|shell\.\w+)(?: \w+)?|luarocks path|thefuck --alias|register-python-argcomplete \w+|[\w-]+ completions? ?\w*|rustup completions \w+)\s*(?:\)"?|\)|`)$/u;

const initialises = (call: Invocation): boolean => INITIALISES.test(call.span.trim());

const evaluated = (call: Invocation): readonly Finding[] =>
  initialises(call)
    ? [{ is: 'initialise' }]
    : call.args.length === 0
      ? []
      : [script(call.args.filter((arg, at) => !(at === 0 && arg === '--')).join(' '))];

const sourced = (call: Invocation): readonly Finding[] => {
  if (initialises(call)) return [{ is: 'initialise' }];
  const file = call.args.find((arg) => !arg.startsWith('-'));
  if (file === undefined) return [];
  if (isUncertain(file) || /^\/dev\//u.test(file))
    return [high('dynamic-script', 'it runs a script that is known only when it runs')];
  return [
    { is: 'read', path: file },
    { is: 'execute', path: file, as: 'shell' },
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
  ...under('cd pushd popd dirs read return exit break continue shift local wait getopts history', {
    base: 'SAFE',
  }),
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
  fc: {
    base: 'MEDIUM',
    findings: (call) =>
      call.args.some((arg) => /^-[nr]*l/u.test(arg))
        ? []
        : [high('dynamic-script', 'it runs a command of the history again')],
  },
  enable: {
    base: 'MEDIUM',
    findings: (call) =>
      call.args.some((arg) => arg.startsWith('-f'))
        ? [high('environment', 'it loads code into the shell')]
        : [],
  },
  ...under('mapfile readarray', {
    base: 'SAFE',
    // Its callback runs with the index and the line behind it.
    findings: (call) =>
      valuesOf(scanOptions(call.args, { values: 'C c d n O s u' }), 'C').map((callback) => script(callback)),
  }),
  compgen: {
    base: 'MEDIUM',
    // Its words are expanded once more, its functions and commands run.
    findings: (call) => {
      const scan = scanOptions(call.args, { values: 'A C F G P S V W X o' });
      return [
        ...valuesOf(scan, 'C', 'F').map((command) => script(command)),
        ...(valuesOf(scan, 'W').some((words) => /[$`]/u.test(words) || isUncertain(words))
          ? [high('dynamic-script', 'it may run what its words hold')]
          : []),
      ];
    },
  },
  hash: {
    base: 'SAFE',
    findings: (call) =>
      call.args.some((arg) => /^-[a-z]*p/u.test(arg))
        ? [high('dynamic-command', 'it makes a name mean another program')]
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
      if (operands.some((name) => /orchestrator/iu.test(name)))
        return [critical('own-commands', "it ends the orchestrator's own processes")];
      const everyone = call.args.some((arg) => /^-u$|^-[uU].|^--u/u.test(arg));
      return broad || everyone || operands.length === 0
        ? [high('system', 'it ends processes that may not be its own')]
        : [risk('command', 'MEDIUM', 'it ends processes by name')];
    },
  }),
};
