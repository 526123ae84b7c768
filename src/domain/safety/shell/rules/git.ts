import { isAbsolute } from '../../lexicalPath.ts';
import { isUncertain } from '../../markers.ts';
import { scanOptions, valuesOf } from '../options.ts';
import {
  argv,
  type Finding,
  high,
  type Invocation,
  type RuleTable,
  reads,
  risk,
  under,
  writes,
} from '../rule.ts';
import { credentials, GIT_COMMANDS, isCredential } from './gitCommands.ts';
import { lentSettings } from './gitSettings.ts';

const GLOBAL = {
  values: 'C c git-dir work-tree namespace super-prefix config-env attr-source list-cmds',
  flags:
    'p P h v paginate no-pager bare no-replace-objects literal-pathspecs no-optional-locks html-path help version no-lazy-fetch exec-path',
  stopAtOperand: true,
} as const;

/** git itself reads `--help` only as the first argument; anywhere else it may be an operand. */
const asksHelp = (args: readonly string[]): boolean =>
  args[0] === '--help' || (args.length === 1 && args[0] === '-h');

/** `git -C a -C b` names its files from there. */
const within = (folders: readonly string[], findings: readonly Finding[]): readonly Finding[] => {
  const folder = folders.reduce((at, next) => (isAbsolute(next) || at === '' ? next : `${at}/${next}`), '');
  return folder === ''
    ? findings
    : findings.map((finding) =>
        (finding.is === 'read' || finding.is === 'write' || finding.is === 'delete') &&
        !isAbsolute(finding.path)
          ? { ...finding, path: `${folder}/${finding.path}` }
          : finding,
      );
};

/** `clone -c key=value` writes into the new repository, and git uses it at once. */
const lentByClone = (args: readonly string[]): readonly string[] =>
  valuesOf(
    scanOptions(args, { values: 'c o b u j config origin branch upload-pack depth jobs' }),
    'c',
    'config',
  );

const git = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, GLOBAL);
  const { findings, aliases } = lentSettings([
    ...valuesOf(scan, 'c'),
    ...valuesOf(scan, 'config-env').map((pair) => `${pair.split('=')[0] ?? ''}=\u0000`),
  ]);
  const [command, ...args] = scan.rest;
  if (command === undefined) return findings;
  if (isUncertain(command))
    return [high('dynamic-command', 'which git command it is is known only when it runs')];
  const rule = isCredential(command) ? () => [credentials] : GIT_COMMANDS.get(command);
  const elsewhere = valuesOf(scan, 'C', 'work-tree');
  const folders = valuesOf(scan, 'C');
  const lent = [
    ...findings,
    // Its configuration names programs that git starts even where it only looks.
    ...within(
      folders,
      valuesOf(scan, 'git-dir').map((path): Finding => ({ is: 'read', path, use: 'git-dir' })),
    ),
    ...(command === 'clone' ? lentSettings(lentByClone(args)).findings : []),
    ...(valuesOf(scan, 'exec-path').length > 0
      ? [high('environment', 'it makes git run programs from another folder')]
      : []),
  ];
  if (rule === undefined) {
    return aliases.has(command)
      ? lent
      : [
          ...lent,
          risk('command', 'MEDIUM', 'it runs a git command that no rule knows'),
          argv([`git-${command}`, ...args]),
        ];
  }
  const found = asksHelp(args) ? 'reads' : rule(args);
  if (found === 'reads') return [...lent, ...reads(elsewhere)];
  const here = (paths: readonly Finding[]): readonly Finding[] => within(folders, paths);
  if ('reads' in found) return [...lent, ...reads(elsewhere), ...here(found.reads)];
  return [
    ...lent,
    // `git -C elsewhere` is a write there, unless it only looks.
    ...writes(elsewhere),
    risk('command', 'MEDIUM', 'it changes the repository'),
    ...here(found),
    ...(scan.unknown.length > 0 ? [argv(['git', ...args])] : []),
  ];
};

export const GIT_RULES: RuleTable = {
  git: { base: 'SAFE', findings: git },
  // git's own folder holds each command as a program: git-push, git-stash.
  ...Object.fromEntries(
    [...GIT_COMMANDS.keys()].map((name) => [
      `git-${name}`,
      {
        base: 'MEDIUM',
        findings: (call: Invocation) => git({ ...call, args: [name, ...call.args] }),
      } as const,
    ]),
  ),
  ...under(
    'git-credential-store git-credential-cache git-credential-osxkeychain git-credential-libsecret git-credential-manager',
    { base: 'MEDIUM', findings: () => [credentials] },
  ),
  ...under('git-filter-repo bfg git-filter-branch', {
    base: 'MEDIUM',
    findings: () => [high('history-rewrite', 'it rewrites the history')],
  }),
};
