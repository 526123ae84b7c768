/**
 * Lines of other people's test data whose label is their policy and not ours, by the start of the command's
 * SHA-256, each with the rule of ours that it contradicts. They count as neither right nor wrong.
 */
const DISAGREEMENTS: readonly { readonly hash: string; readonly reason: string }[] = [
  { hash: 'e6df6779404f', reason: 'outside-write: it copies to a folder outside the worktree' },
  { hash: '50b03c490d47', reason: 'outside-write: it copies to a folder outside the worktree' },
  { hash: 'bcd90635db82', reason: 'outside-write: it copies to a folder outside the worktree' },
  { hash: '228f1588069a', reason: 'outside-write: it copies to a folder outside the worktree' },
  {
    hash: '2af380d95289',
    reason: 'git-remote: a worker pushes nothing, the orchestrator hands branches over',
  },
  { hash: 'ad3d92a200f2', reason: 'outside-write: it copies to a folder outside the worktree' },
  { hash: '1f5a1d2b816f', reason: 'delete: a path outside the worktree' },
  { hash: 'efc6c5aacfcd', reason: 'unparsable: brackets that the grammar does not allow' },
  { hash: '163802326e44', reason: 'unparsable: a quote that never closes fails closed' },
];

export const disagreement = (hash: string): string | undefined =>
  DISAGREEMENTS.find((each) => hash.startsWith(each.hash))?.reason;
