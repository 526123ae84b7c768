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

/** The commits of the refs that are there, where they also pass the filters given (`--merged=…`). */
const commitsOf = async (
  context: RepositoryContext,
  pattern: string,
  filters: readonly string[],
): Promise<ReadonlyMap<string, Commit>> => {
  const { stdout } = await context.git({
    ...userPlace(context),
    args: ['for-each-ref', '--format=%(objectname) %(refname)', ...filters, pattern],
    env: READING,
  });
  return new Map(
    stdout.split('\n').flatMap((line) => {
      const at = line.indexOf(' ');
      const commit = commitSchema.safeParse(line.slice(0, at));
      return commit.success ? [[line.slice(at + 1), commit.data] as const] : [];
    }),
  );
};

export const branchCommit = async (context: RepositoryContext, name: string): Promise<Commit | undefined> => {
  const ref = `refs/heads/${name}`;
  // The pattern also takes what lies below it as below a folder.
  return (await commitsOf(context, ref, [])).get(ref);
};

/** Two processes however many there are. */
export const deleteBranches = async (
  context: RepositoryContext,
  names: readonly string[],
  keptBy: Commit,
): Promise<readonly string[]> => {
  const refs = new Map(names.map((name) => [ownBranch(name), name]));
  const merged = await commitsOf(context, 'refs/heads/orchestrator/', [`--merged=${keptBy}`]);
  const checkouts = [context.layout.commonDir, ...(await linkedGitDirs(context.layout.commonDir))];
  const inUse = new Set(await Promise.all(checkouts.map(headRef)));
  const going = [...refs].filter(([ref]) => merged.has(ref) && !inUse.has(ref));
  if (going.length === 0) return [];
  await context.git({
    ...userPlace(context),
    args: ['update-ref', '--stdin'],
    // With the old value: somebody may have moved one since it was asked.
    input: going.map(([ref]) => `delete ${ref} ${merged.get(ref)}\n`).join(''),
  });
  return going.map(([, name]) => name);
};
