import { isUncertain } from '../../markers.ts';
import { scanOptions, valuesOf } from '../options.ts';
import {
  argv,
  type Finding,
  high,
  type Invocation,
  type RuleTable,
  risk,
  script,
  under,
  writes,
} from '../rule.ts';
import { GIT_COMMANDS } from './gitCommands.ts';

const GLOBAL = {
  values: 'C c git-dir work-tree namespace super-prefix config-env exec-path attr-source list-cmds',
  flags:
    'p P h v paginate no-pager bare no-replace-objects literal-pathspecs no-optional-locks html-path help version no-lazy-fetch',
  stopAtOperand: true,
} as const;

/** Keys of git's configuration whose value git runs. */
const RUNS =
  /(alias\.|pager|editor|sshcommand|fsmonitor|hookspath|external|textconv|command|\.cmd$|driver|\.(clean|smudge|process)$|askpass|helper|\.program$|\.path$|proxy|template|include|uploadpack|receivepack|\.sh$)/iu;

/** `-c key=value` lends one command a configuration: aliases and programs in it are commands. */
const settings = (
  pairs: readonly string[],
): { findings: readonly Finding[]; aliases: ReadonlyMap<string, string> } => {
  const aliases = new Map<string, string>();
  const findings = pairs.flatMap((pair): readonly Finding[] => {
    const at = pair.indexOf('=');
    const key = at === -1 ? pair : pair.slice(0, at);
    const value = at === -1 ? '' : pair.slice(at + 1);
    if (isUncertain(key))
      return [high('git-config', 'it lends git a setting that is known only when it runs')];
    if (!RUNS.test(key)) return [];
    if (/^alias\./iu.test(key)) {
      aliases.set(key.slice(6).toLowerCase(), value);
      return value.startsWith('!') ? [script(value.slice(1))] : [script(`git ${value}`)];
    }
    if (/hookspath|include|template/iu.test(key) && value !== '' && value !== '/dev/null')
      return [high('git-config', 'it lends git programs to run')];
    return value === '' || /^(true|false|cat|\/dev\/null|https?:.*)$/u.test(value)
      ? []
      : [script(value.replace(/^!/u, ''))];
  });
  return { findings, aliases };
};

const git = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, GLOBAL);
  const { findings, aliases } = settings([
    ...valuesOf(scan, 'c'),
    ...valuesOf(scan, 'config-env').map((pair) => `${pair.split('=')[0] ?? ''}=\u0000`),
  ]);
  const [command, ...args] = scan.rest;
  if (command === undefined) return findings;
  if (isUncertain(command))
    return [high('dynamic-command', 'which git command it is is known only when it runs')];
  const rule = GIT_COMMANDS.get(command);
  const elsewhere = valuesOf(scan, 'C', 'git-dir', 'work-tree');
  if (rule === undefined) {
    return aliases.has(command)
      ? findings
      : [
          ...findings,
          risk('command', 'MEDIUM', 'it runs a git command that no rule knows'),
          argv([`git-${command}`, ...args]),
        ];
  }
  const found = args.includes('--help') || args[0] === '-h' ? 'reads' : rule(args);
  return [
    ...findings,
    // `git -C elsewhere` is a write there, unless it only looks.
    ...(found === 'reads' ? [] : writes(elsewhere)),
    ...(found === 'reads' ? [] : [risk('command', 'MEDIUM', 'it changes the repository')]),
    ...(found === 'reads' ? [] : found),
    ...(scan.unknown.length > 0 ? [argv(['git', ...args])] : []),
  ];
};

export const GIT_RULES: RuleTable = {
  git: { base: 'SAFE', findings: git },
  ...under('git-filter-repo bfg git-filter-branch', {
    base: 'MEDIUM',
    findings: () => [high('gitHistory', 'it rewrites the history')],
  }),
};
