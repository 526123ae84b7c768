import { isUncertain } from '../../markers.ts';
import { has, hasExactly, mayBeOption, type Scan, scanOptions, valuesOf } from '../options.ts';
import { deletes, type Finding, high, script, writes } from '../rule.ts';
import { GIT_FILES, looks } from './gitFiles.ts';
import { GIT_HISTORY } from './gitHistory.ts';
import { isShared, transports } from './gitPush.ts';
import { GIT_REFS } from './gitRefs.ts';
import type { GitRule } from './gitRule.ts';

const discards = high('git-discard', 'it throws away changes that are not committed');
const changes: GitRule = () => [];

const looksLikePath = (word: string): boolean =>
  word === '.' ||
  word.startsWith('./') ||
  word.startsWith('../') ||
  word.startsWith(':/') ||
  word.startsWith(':(') ||
  word.endsWith('/') ||
  (/\.[a-z]{1,5}$/iu.test(word) && !/^(v?\d|release|hotfix)/iu.test(word)) ||
  word.includes('\u0003');

/** Modes of `--recurse-submodules` written apart: git looks for a tree of that name, and stops there. */
const MODES: ReadonlySet<string> = new Set(['checkout', 'check', 'on-demand']);

/**
 * `checkout -B`, `switch -C`: a new branch, or an own one that starts anew. Changes that are not committed stay,
 * but a name that people share must not move.
 */
const resets = (names: readonly string[]): readonly Finding[] =>
  names.length === 1 && names.every((name) => !isUncertain(name) && !isShared(name))
    ? []
    : [high('git-history', "it moves a branch, which your worktree shares with the user's checkout")];

const checkout: GitRule = (given) => {
  const args = given.filter((arg, at) => !(MODES.has(arg) && given[at - 1] === '--recurse-submodules'));
  const scan = scanOptions(args, {
    values: 'b B U orphan conflict pathspec-from-file unified inter-hunk-context',
  });
  const creates = has(scan, 'b', 'orphan');
  const paths = args.includes('--') ? args.slice(args.indexOf('--') + 1) : [];
  const forced =
    has(scan, 'f', 'force', 'ours', 'theirs', 'pathspec-from-file') ||
    scan.options.some(({ name }) => name === 'p' || name === 'patch');
  if (forced || paths.length > 0) return [discards];
  if (has(scan, 'ignore-other-worktrees')) return takes(scan);
  if (has(scan, 'B')) return resets(valuesOf(scan, 'B'));
  if (creates) return [];
  return scan.operands.length > 1 ||
    scan.operands.some(looksLikePath) ||
    (args.some(mayBeOption) && args[0] !== '\u0000')
    ? [discards]
    : [];
};

const restore: GitRule = (args) => {
  const scan = scanOptions(args, { values: 's source conflict pathspec-from-file' });
  const stagedOnly =
    (has(scan, 'staged') || scan.options.some(({ name }) => name === 'S')) &&
    !has(scan, 'worktree') &&
    !scan.options.some(({ name }) => name === 'W');
  return stagedOnly ? [] : [discards];
};

const reset: GitRule = (args) => {
  const scan = scanOptions(args);
  const hard =
    has(scan, 'hard', 'merge', 'keep') ||
    scan.options.some(({ name }) => isUncertain(name)) ||
    args.some(mayBeOption);
  return hard ? [discards] : [];
};

/**
 * Paths that it names are deleted as by rm: the facts say whose files they are. Without one it takes whatever
 * lies there, made by whom ever, and a pattern of git reaches into every folder below.
 */
const clean: GitRule = (args) => {
  const scan = scanOptions(args, { values: 'e exclude' });
  if (hasExactly(scan, 'n', 'dry-run') && !has(scan, 'no-dry-run')) return 'reads';
  const plain =
    scan.operands.length > 0 && scan.operands.every((path) => !/^:|[*?[\u0000\u0003]/u.test(path));
  return plain ? deletes(scan.operands) : [high('delete', 'git clean deletes files that git does not keep')];
};

const rm: GitRule = (args) => {
  const scan = scanOptions(args, { values: 'pathspec-from-file' });
  if (hasExactly(scan, 'cached', 'n', 'dry-run')) return [];
  const unknown = scan.operands.length === 0 || scan.operands.some((operand) => operand.startsWith(':'));
  return unknown ? [high('delete', 'git rm deletes files')] : deletes(scan.operands);
};

/** Settings outlive the worktree: it shares the user's .git/config. */
const config: GitRule = (args) => {
  const scan = scanOptions(args, { values: 'f file blob type default' });
  const asks =
    has(scan, 'get', 'get-all', 'get-regexp', 'get-urlmatch', 'get-color', 'list') ||
    scan.options.some(({ name }) => name === 'l');
  const [first = '', ...rest] = scan.operands;
  if (
    asks ||
    ['get', 'list'].includes(first) ||
    (scan.operands.length === 1 &&
      scan.options.every(({ name }) =>
        [
          'global',
          'local',
          'system',
          'worktree',
          'type',
          'bool',
          'int',
          'path',
          'show-origin',
          'show-scope',
          'z',
          'null',
          'includes',
        ].includes(name),
      ))
  )
    return 'reads';
  return [high('git-config', `it changes git's configuration${rest.length > 0 ? '' : ' by an editor'}`)];
};

/** Sub-commands that only look, or only work inside the worktree; every other one is refused. */
const actions =
  (looking: string, working: string, text: string): GitRule =>
  (args) => {
    const [action = ''] = scanOptions(args, { values: 't m task' }).operands;
    if (action === '' || looking.split(' ').includes(action)) return 'reads';
    return working.split(' ').includes(action) ? [] : [high('git-config', text)];
  };

const HIDES = /^(no-)?(skip-worktree|assume-unchanged|fsmonitor-valid)$/u;
const hidden = high('git-discard', 'it hides changes of files from git');
const credentials = high('secret-read', "it reads or changes the user's credentials");

const updateIndex: GitRule = (args) =>
  scanOptions(args, { values: 'cacheinfo chmod' }).options.some(
    ({ name }) =>
      HIDES.test(name) ||
      (name.length > 3 &&
        ['skip-worktree', 'assume-unchanged', 'no-skip-worktree', 'no-assume-unchanged'].some((full) =>
          full.startsWith(name),
        )),
  )
    ? [hidden]
    : [];

const submodule: GitRule = (args) => {
  const [action, ...rest] = scanOptions(args).operands;
  if (action === 'status' || action === 'summary') return 'reads';
  if (action === 'foreach') return [script(rest.join(' '))];
  return action === 'deinit'
    ? [high('delete', 'it deletes the files of a submodule')]
    : has(scanOptions(args), 'force', 'f')
      ? [discards]
      : transports(rest);
};

const bisect: GitRule = (args) =>
  args[0] === 'run' ? [{ is: 'argv', words: args.slice(1) }] : args[0] === 'log' ? 'reads' : [];

const rebase: GitRule = (args) => {
  const scan = scanOptions(args, { values: 'x s X onto exec strategy' });
  return [
    ...(has(scan, 'update-refs') ? [high('git-history', 'it moves other branches')] : []),
    ...valuesOf(scan, 'x', 'exec').map(script),
  ];
};

/** Two worktrees on one branch would commit over each other. */
const takes = (scan: Scan): readonly Finding[] =>
  has(scan, 'ignore-other-worktrees')
    ? [high('git-history', 'it takes a branch that another worktree uses')]
    : [];

const READS =
  'status log diff show blame annotate rev-parse ls-files ls-tree cat-file grep describe shortlog rev-list name-rev merge-base for-each-ref show-ref diff-tree diff-index diff-files whatchanged count-objects fsck check-ignore check-attr check-ref-format version help var ls-remote range-diff cherry verify-commit verify-tag show-branch merge-tree get-tar-commit-id column stripspace interpret-trailers patch-id';
const CHANGES =
  'add cherry-pick revert mktree write-tree rerere pack-refs mergetool request-pull flow citool gui unpack-objects';

const COMMANDS: Readonly<Record<string, GitRule>> = {
  ...Object.fromEntries(READS.split(' ').map((name) => [name, looks])),
  ...Object.fromEntries(CHANGES.split(' ').map((name) => [name, changes])),
  ...GIT_FILES,
  checkout,
  restore,
  reset,
  clean,
  rm,
  config,
  remote: (args) =>
    args[0] === 'prune' && hasExactly(scanOptions(args), 'n', 'dry-run')
      ? 'reads'
      : actions('show get-url -v', 'update', 'it changes where the repository comes from')(args),
  lfs: actions(
    'ls-files status env version logs',
    'track untrack pull fetch checkout fsck pointer clean smudge',
    'it changes hooks, settings or objects of git-lfs',
  ),
  maintenance: actions('', 'run', 'it makes git work later, out of sight'),
  'sparse-checkout': actions('list check-rules', '', 'it hides files of the worktree'),
  'update-index': updateIndex,
  credential: () => [credentials],
  'for-each-repo': (args) => [
    { is: 'argv', words: ['git', ...scanOptions(args, { values: 'config' }).operands] },
  ],
  submodule,
  bisect,
  rebase,
  switch: (args) => {
    const scan = scanOptions(args, { values: 'c C create force-create orphan conflict' });
    if (has(scan, 'f', 'force', 'discard-changes')) return [discards];
    const again = valuesOf(scan, 'C', 'force-create');
    return has(scan, 'C', 'force-create') ? resets(again) : takes(scan);
  },
  'imap-send': () => [high('network', 'it sends mail')],
  'send-email': (args) => [
    ...(hasExactly(scanOptions(args), 'dry-run', 'help', 'h') ? [] : [high('network', 'it sends mail')]),
    ...valuesOf(
      scanOptions(args, { values: 'smtp-server sendmail-cmd to-cmd cc-cmd header-cmd' }),
      'smtp-server',
      'sendmail-cmd',
      'to-cmd',
      'cc-cmd',
      'header-cmd',
    )
      .filter((value) => /[/\s]/u.test(value))
      .map(script),
  ],
  instaweb: (args) =>
    valuesOf(scanOptions(args, { values: 'd httpd b browser' }), 'd', 'httpd', 'b', 'browser').map(script),
  difftool: (args) => valuesOf(scanOptions(args, { values: 'x t extcmd tool' }), 'x', 'extcmd').map(script),
  'checkout-index': (args) => [
    ...(has(scanOptions(args, { values: 'prefix stage' }), 'f', 'force') ? [discards] : []),
    ...writes(valuesOf(scanOptions(args, { values: 'prefix stage' }), 'prefix')),
  ],
  'read-tree': (args) => (has(scanOptions(args), 'reset', 'u') ? [discards] : []),
  ...GIT_HISTORY,
  ...GIT_REFS,
};

/** Helpers keep credentials under names of their own: credential-store, credential-cache. */
export const isCredential = (command: string): boolean => /^credential(-|$)/u.test(command);
export { credentials };

export const GIT_COMMANDS: ReadonlyMap<string, GitRule> = new Map(Object.entries(COMMANDS));
