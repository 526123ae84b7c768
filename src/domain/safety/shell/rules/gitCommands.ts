import { isUncertain } from '../../markers.ts';
import { has, hasExactly, mayBeOption, type Scan, scanOptions, valuesOf } from '../options.ts';
import { type Finding, high, risk, script, writes } from '../rule.ts';
import { GIT_HISTORY } from './gitHistory.ts';

/** What a git command does with these arguments: `reads`, or findings on top of an ordinary command. */
export type GitRule = (args: readonly string[]) => 'reads' | readonly Finding[];

const discards = high('git-discard', 'it throws away changes that are not committed');
const changes: GitRule = () => [];

/** Options by which reading commands write or run. */
const looks: GitRule = (args) => {
  const scan = scanOptions(args, { values: 'O S G n L output format open-files-in-pager pretty' });
  const outputs = valuesOf(scan, 'output');
  const runs = valuesOf(scan, 'open-files-in-pager');
  if (outputs.length === 0 && runs.length === 0 && !has(scan, 'ext-diff')) return 'reads';
  return [...writes(outputs), ...runs.map(script)];
};

const ask =
  (readOnly: (scan: Scan) => boolean, otherwise: (scan: Scan) => readonly Finding[], values = ''): GitRule =>
  (args) => {
    const scan = scanOptions(args, { values });
    return readOnly(scan) ? 'reads' : otherwise(scan);
  };

const looksLikePath = (word: string): boolean =>
  word === '.' ||
  word.startsWith('./') ||
  word.startsWith('../') ||
  word.startsWith(':/') ||
  word.startsWith(':(') ||
  word.endsWith('/') ||
  (/\.[a-z]{1,5}$/iu.test(word) && !/^(v?\d|release|hotfix)/iu.test(word)) ||
  word.includes('\u0003');

const checkout: GitRule = (args) => {
  const scan = scanOptions(args, {
    values: 'b B U orphan conflict pathspec-from-file unified inter-hunk-context',
  });
  const creates = has(scan, 'b', 'orphan');
  const paths = args.includes('--') ? args.slice(args.indexOf('--') + 1) : [];
  const forced =
    has(scan, 'f', 'force', 'B', 'ours', 'theirs', 'pathspec-from-file') ||
    scan.options.some(({ name }) => name === 'p' || name === 'patch');
  if (forced || paths.length > 0) return [discards];
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

const clean: GitRule = (args) => {
  const scan = scanOptions(args, { values: 'e exclude' });
  return hasExactly(scan, 'n', 'dry-run')
    ? 'reads'
    : [high('delete', 'git clean deletes files that git does not keep')];
};

const rm: GitRule = (args) => {
  const scan = scanOptions(args, { values: 'pathspec-from-file' });
  return hasExactly(scan, 'cached', 'n', 'dry-run') ? [] : [high('delete', 'git rm deletes files')];
};

const stash: GitRule = (args) => {
  const [action = 'push'] = scanOptions(args).operands;
  if (['list', 'show'].includes(action)) return 'reads';
  return ['drop', 'clear'].includes(action) || isUncertain(action)
    ? [high('git-discard', 'it deletes stashed changes')]
    : [];
};

const worktree: GitRule = (args) => {
  const [action, path = ''] = scanOptions(args, { values: 'b B reason expire' }).operands;
  if (action === 'list') return 'reads';
  if (action === 'remove' || action === 'prune')
    return action === 'prune' && args.includes('--dry-run')
      ? 'reads'
      : [high('delete', 'it deletes a worktree')];
  return action === 'add' ? writes([path]) : [];
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

const remote: GitRule = (args) => {
  const [action] = scanOptions(args, { values: 't m' }).operands;
  if (action === undefined || ['show', 'get-url'].includes(action)) return 'reads';
  return ['remove', 'rm', 'prune', 'set-url', 'rename', 'set-head', 'set-branches'].includes(action) ||
    isUncertain(action)
    ? [high('git-config', 'it changes where the repository comes from')]
    : [];
};

const submodule: GitRule = (args) => {
  const [action, ...rest] = scanOptions(args).operands;
  if (action === 'status' || action === 'summary') return 'reads';
  if (action === 'foreach') return [script(rest.join(' '))];
  return action === 'deinit'
    ? [high('delete', 'it deletes the files of a submodule')]
    : has(scanOptions(args), 'force', 'f')
      ? [discards]
      : [];
};

const bisect: GitRule = (args) =>
  args[0] === 'run' ? [{ is: 'argv', words: args.slice(1) }] : args[0] === 'log' ? 'reads' : [];

const rebase: GitRule = (args) =>
  valuesOf(scanOptions(args, { values: 'x s X onto exec strategy' }), 'x', 'exec').map(script);

const READS =
  'status log diff show blame annotate rev-parse ls-files ls-tree cat-file grep describe shortlog rev-list name-rev merge-base for-each-ref show-ref diff-tree diff-index diff-files whatchanged count-objects fsck check-ignore check-attr check-ref-format version help var ls-remote range-diff cherry verify-commit verify-tag show-branch merge-tree get-tar-commit-id column stripspace interpret-trailers patch-id';
const CHANGES =
  'add commit fetch pull merge cherry-pick revert init clone apply am mv mktree write-tree commit-tree hash-object update-index notes lfs sparse-checkout rerere maintenance pack-refs repack mergetool format-patch bundle archive send-email request-pull svn flow subtree citool gui instaweb credential pack-objects index-pack unpack-objects';

const COMMANDS: Readonly<Record<string, GitRule>> = {
  ...Object.fromEntries(READS.split(' ').map((name) => [name, looks])),
  ...Object.fromEntries(CHANGES.split(' ').map((name) => [name, changes])),
  clone: (args) =>
    writes(
      scanOptions(args, {
        values: 'b o u c j branch origin depth template reference separate-git-dir config jobs filter',
      }).operands.slice(1),
    ),
  mv: (args) => writes(scanOptions(args).operands),
  checkout,
  restore,
  reset,
  clean,
  rm,
  stash,
  worktree,
  config,
  remote,
  submodule,
  bisect,
  rebase,
  switch: (args) => {
    const scan = scanOptions(args, { values: 'c C orphan conflict' });
    return has(scan, 'f', 'force', 'discard-changes', 'C', 'force-create') ? [discards] : [];
  },
  branch: ask(
    (scan) =>
      (scan.operands.length === 0 &&
        !has(
          scan,
          'd',
          'D',
          'm',
          'M',
          'f',
          'delete',
          'force',
          'move',
          'edit-description',
          'unset-upstream',
        )) ||
      hasExactly(scan, 'list', 'show-current', 'contains', 'merged', 'no-merged'),
    (scan) =>
      has(scan, 'D', 'M', 'C', 'f', 'force') || (has(scan, 'd', 'delete') && has(scan, 'f', 'force'))
        ? [high('gitHistory', 'it deletes or overwrites a branch')]
        : has(scan, 'd', 'delete')
          ? [risk('command', 'MEDIUM', 'it deletes a merged branch')]
          : [],
    'u set-upstream-to sort format contains merged no-merged',
  ),
  tag: ask(
    (scan) => (scan.operands.length === 0 && !has(scan, 'd', 'delete')) || hasExactly(scan, 'l', 'list'),
    (scan) =>
      has(scan, 'd', 'delete', 'f', 'force') ? [high('gitHistory', 'it deletes or overwrites a tag')] : [],
    'm F u n sort format message file',
  ),
  'symbolic-ref': ask(
    (scan) => scan.operands.length === 1 && !has(scan, 'd', 'delete'),
    (scan) => (has(scan, 'd', 'delete') ? [high('gitHistory', 'it deletes a reference')] : []),
    'm',
  ),
  difftool: (args) => valuesOf(scanOptions(args, { values: 'x t extcmd tool' }), 'x', 'extcmd').map(script),
  'checkout-index': (args) =>
    has(scanOptions(args, { values: 'prefix stage' }), 'f', 'force') ? [discards] : [],
  'read-tree': (args) => (has(scanOptions(args), 'reset', 'u') ? [discards] : []),
  ...GIT_HISTORY,
};

export const GIT_COMMANDS: ReadonlyMap<string, GitRule> = new Map(Object.entries(COMMANDS));
