import { has, hasExactly, scanOptions } from '../options.ts';
import { type Finding, high } from '../rule.ts';

type Rule = (args: readonly string[]) => 'reads' | readonly Finding[];

const rewrites = high('history-rewrite', 'it rewrites the history');
const loses = high('git-history', 'it deletes what git still kept');

const reflog: Rule = (args) => {
  const [action] = args;
  if (['expire', 'delete', 'drop', 'write'].includes(action ?? ''))
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

/** All in one pack, and the rest deleted: what no branch reaches is gone. */
const repack: Rule = (args) => {
  const scan = scanOptions(args, { values: 'l window depth threads' });
  const all = has(scan, 'a', 'unpack-unreachable', 'cruft-expiration', 'expire-to');
  return has(scan, 'd') && all ? [loses] : [];
};

/** Commands that lose or rewrite what is committed. */
export const GIT_HISTORY: Readonly<Record<string, Rule>> = {
  reflog,
  gc,
  repack,
  prune: (args) => (hasExactly(scanOptions(args), 'n', 'dry-run') ? 'reads' : [loses]),
  'filter-branch': () => [rewrites],
  // It only writes a report into git's own folder.
  'filter-repo': (args) => (args.length === 1 && args[0] === '--analyze' ? [] : [rewrites]),
  'prune-packed': () => [loses],
  'submodule--helper': () => [],
};
