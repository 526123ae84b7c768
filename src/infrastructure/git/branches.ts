import { type Commit, commitSchema } from '../../domain/ids.ts';
import { ownBranch, type RepositoryContext, userPlace } from './context.ts';
import { READING } from './environment.ts';
import { headRef, linkedGitDirs } from './layout.ts';

/** True where `b` holds `a`; a commit holds itself. */
export const isAncestor = async (context: RepositoryContext, a: Commit, b: Commit): Promise<boolean> => {
  if (a === b) return true;
  const { exitCode } = await context.git({
    ...userPlace(context),
    args: ['merge-base', '--is-ancestor', a, b],
    env: READING,
    allow: [1],
  });
  return exitCode === 0;
};

export const setBranch = async (context: RepositoryContext, name: string, commit: Commit): Promise<void> => {
  await context.git({
    ...userPlace(context),
    args: ['update-ref', '--create-reflog', '-m', 'orchestrator: result', ownBranch(name), commit],
  });
};

/** The commit of one ref, where it also passes the filters given (`--merged=…`). */
const commitOf = async (
  context: RepositoryContext,
  ref: string,
  filters: readonly string[],
): Promise<Commit | undefined> => {
  const { stdout } = await context.git({
    ...userPlace(context),
    args: ['for-each-ref', '--format=%(objectname) %(refname)', ...filters, ref],
    env: READING,
  });
  // The pattern also takes what lies below it as below a folder.
  const line = stdout.split('\n').find((text) => text.slice(text.indexOf(' ') + 1) === ref);
  return commitSchema.safeParse(line?.split(' ', 1)[0]).data;
};

export const branchCommit = (context: RepositoryContext, name: string): Promise<Commit | undefined> =>
  commitOf(context, `refs/heads/${name}`, []);

/** @returns false where the branch was kept: its commit is not reachable, or a checkout stands on it */
export const deleteBranch = async (
  context: RepositoryContext,
  name: string,
  keptBy: Commit,
): Promise<boolean> => {
  const ref = ownBranch(name);
  const commit = await commitOf(context, ref, [`--merged=${keptBy}`]);
  if (commit === undefined) return false;
  const checkouts = [context.layout.commonDir, ...(await linkedGitDirs(context.layout.commonDir))];
  for (const gitDir of checkouts) if ((await headRef(gitDir)) === ref) return false;
  // With the old value: somebody may have moved it since it was asked.
  await context.git({ ...userPlace(context), args: ['update-ref', '-d', ref, commit] });
  return true;
};
