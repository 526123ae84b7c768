import { isUncertain } from '../../markers.ts';
import { has, hasExactly, mayBeOption, scanOptions, valuesOf } from '../options.ts';
import { type Finding, high } from '../rule.ts';

type Rule = (args: readonly string[]) => 'reads' | readonly Finding[];

const rewrites = high('gitHistory', 'it rewrites the history');
const loses = high('gitHistory', 'it deletes what git still kept');

const push: Rule = (args) => {
  const scan = scanOptions(args, { values: 'o repo push-option receive-pack exec recurse-submodules' });
  if (hasExactly(scan, 'n', 'dry-run')) return [];
  const [, ...refs] = scan.operands;
  const forced =
    has(scan, 'f', 'force', 'force-with-lease', 'force-if-includes', 'mirror') ||
    refs.some((ref) => ref.startsWith('+'));
  const deletes = has(scan, 'd', 'delete', 'prune') || refs.some((ref) => ref.startsWith(':') && ref !== ':');
  const unknown =
    args.some((arg) => mayBeOption(arg)) && refs.some((ref) => isUncertain(ref) && ref.startsWith('\u0000-'));
  return [
    ...(forced || unknown ? [high('git-remote', 'it overwrites branches of a remote')] : []),
    ...(deletes ? [high('git-remote', 'it deletes branches of a remote')] : []),
    ...(valuesOf(scan, 'receive-pack', 'exec').length > 0
      ? [high('git-remote', 'it names a program to run')]
      : []),
  ];
};

const reflog: Rule = (args) => {
  const [action] = args;
  if (['expire', 'delete', 'drop'].includes(action ?? ''))
    return args.some((arg) => arg === '-n' || arg === '--dry-run') ? 'reads' : [loses];
  return 'reads';
};

const gc: Rule = (args) => {
  const scan = scanOptions(args);
  return has(scan, 'prune', 'aggressive') &&
    !hasExactly(scan, 'no-prune') &&
    args.some((arg) => /^--pru?n?e?(=|$)/u.test(arg))
    ? [loses]
    : [];
};

/** Commands that lose or rewrite what is committed. */
export const GIT_HISTORY: Readonly<Record<string, Rule>> = {
  push,
  reflog,
  gc,
  prune: (args) => (hasExactly(scanOptions(args), 'n', 'dry-run') ? 'reads' : [loses]),
  'filter-branch': () => [rewrites],
  'filter-repo': () => [rewrites],
  'update-ref': (args) =>
    has(scanOptions(args, { values: 'm' }), 'd', 'delete') || args.includes('--stdin') ? [loses] : [],
  replace: (args) => (has(scanOptions(args), 'd', 'delete', 'f', 'force') ? [loses] : []),
  'fast-import': (args) => (args.includes('--force') ? [rewrites] : []),
  'prune-packed': () => [loses],
  'submodule--helper': () => [],
};
