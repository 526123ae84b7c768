import { isUncertain } from '../../markers.ts';
import { has, type OptionSpec, type Scan, scanOptions, valuesOf } from '../options.ts';
import { type Finding, high } from '../rule.ts';
import { peers, pushes, transports } from './gitPush.ts';
import type { GitRule } from './gitRule.ts';

/** A worktree shares branches, tags, notes, the stash and all objects with the user's own checkout. */
const shared = (what: string): Finding =>
  high('git-history', `it changes ${what}, which your worktree shares with the user's checkout`);

/** What the options and operands of a command that can write references say that it does. */
type RefRule = OptionSpec & {
  readonly what: string;
  /** Options by which it writes to what others have. */
  readonly writes?: string;
  readonly reads?: (scan: Scan) => boolean;
  /** Without any of `writes`: an ordinary change, or a write as well. */
  readonly otherwise: 'change' | 'write';
};

const given = (scan: Scan, names = ''): boolean => has(scan, ...names.split(' ').filter((n) => n !== ''));

const refRule =
  (rule: RefRule): GitRule =>
  (args) => {
    const scan = scanOptions(args, rule);
    if (given(scan, rule.writes)) return [shared(rule.what)];
    if (rule.reads?.(scan) === true) return 'reads';
    return rule.otherwise === 'write' ? [shared(rule.what)] : [];
  };

const noOperand = (scan: Scan): boolean => scan.operands.length === 0;
const onlyFirst =
  (...actions: readonly string[]) =>
  (scan: Scan): boolean =>
    actions.includes(scan.operands[0] ?? actions[0] ?? '');

const REFS: Readonly<Record<string, RefRule>> = {
  branch: {
    what: 'branches',
    values: 'u set-upstream-to sort format contains no-contains merged no-merged points-at',
    writes: 'd D f m M c C delete force move copy edit-description unset-upstream',
    reads: (scan) =>
      noOperand(scan) ||
      scan.options.some(({ name }) =>
        /^(l|list|show-current|(no-)?contains|(no-)?merged|points-at)$/u.test(name),
      ),
    otherwise: 'change',
  },
  tag: {
    what: 'tags',
    values: 'm F u sort format message file local-user cleanup contains points-at trailer',
    writes: 'd f delete force',
    reads: (scan) => noOperand(scan) || scan.options.some(({ name }) => /^(l|n|list)$/u.test(name)),
    otherwise: 'change',
  },
  'update-ref': { what: 'references', otherwise: 'write' },
  'symbolic-ref': {
    what: 'references',
    values: 'm',
    writes: 'd m delete',
    reads: (scan) => scan.operands.length < 2,
    otherwise: 'write',
  },
  notes: {
    what: 'notes',
    values: 'ref m F C c',
    reads: onlyFirst('list', 'show', 'get-ref'),
    otherwise: 'write',
  },
  replace: {
    what: 'what objects stand for',
    values: 'format',
    writes: 'd f e g delete force edit graft convert-graft-file',
    reads: (scan) => noOperand(scan) || given(scan, 'l list'),
    otherwise: 'write',
  },
  refs: { what: 'references', reads: onlyFirst('list', 'verify', 'exists'), otherwise: 'write' },
  'fast-import': { what: 'references', otherwise: 'write' },
};

/** `fetch origin x` only adds objects; a colon in the refspec moves branches of the user's checkout. */
const fetches: GitRule = (args) => {
  const scan = scanOptions(args, {
    values:
      'o j s X depth deepen shallow-since shallow-exclude upload-pack jobs refmap negotiation-tip server-option filter strategy strategy-option',
  });
  const [from = '', ...refs] = scan.operands;
  const several = has(scan, 'all', 'multiple');
  const moves =
    [...(several ? [from] : []), ...refs].some((ref) => ref.includes(':') || ref.startsWith('+')) ||
    /^\.\/?$/u.test(from) ||
    has(scan, 'f', 'u', 'force', 'refmap', 'stdin', 'update-head-ok');
  return [
    ...(moves ? [shared('branches')] : []),
    ...peers(valuesOf(scan, 'upload-pack')),
    ...transports(scan.operands),
  ];
};

/**
 * Work that is put aside is kept, and the last entry put back is the one put aside last. Another entry, named
 * by its number, may be somebody else's: taking it off the stash is refused as dropping one is.
 */
const stash: GitRule = (args) => {
  const [first = 'push', ...others] = args;
  const [action, rest] = first.startsWith('-') ? ['push', args] : [first, others];
  if (['list', 'show'].includes(action)) return 'reads';
  const known = !rest.some(isUncertain);
  if (known && ['push', 'save', 'apply', 'create'].includes(action)) return [];
  const named = rest.filter((arg) => !arg.startsWith('-'));
  if (known && action === 'pop' && named.every((entry) => /^(stash@\{)?0\}?$/u.test(entry))) return [];
  return [high('git-discard', "it changes the stash, which your worktree shares with the user's checkout")];
};

const worktree: GitRule = ([action = 'list']) =>
  action === 'list'
    ? 'reads'
    : [
        ['remove', 'prune'].includes(action)
          ? high('delete', 'it deletes a worktree')
          : high('leave-worktree', 'it changes the worktrees of the repository'),
      ];

/** Commands that write what a worktree shares: refused, whatever the checkout of the user holds there. */
export const GIT_REFS: Readonly<Record<string, GitRule>> = {
  ...Object.fromEntries(Object.entries(REFS).map(([name, rule]) => [name, refRule(rule)])),
  push: pushes,
  'send-pack': pushes,
  'http-push': pushes,
  subtree: (args) => (args.includes('push') ? pushes(args) : []),
  svn: (args) => (args.includes('dcommit') ? pushes(args) : []),
  fetch: fetches,
  pull: fetches,
  stash,
  worktree,
};
