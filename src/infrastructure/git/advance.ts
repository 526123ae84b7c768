import { ConflictError } from '../../domain/errors/index.ts';
import type { Commit } from '../../domain/ids.ts';
import { branchCommit } from './branches.ts';
import { type RepositoryContext, userPlace } from './context.ts';
import { READING } from './environment.ts';
import { fields } from './git.ts';
import { exists, layoutOf, linkedGitDirs, operationInProgress, rebasedRef } from './layout.ts';
import { merge } from './merging.ts';
import { readStatus } from './status.ts';

/** Times that the branch may move under us before the user is told. */
const ROUNDS = 5;

const refusal = (
  message: string,
  hint: string,
  context: Readonly<Record<string, unknown>> = {},
): ConflictError => new ConflictError(message, { hint, context });

/** The folder that has the branch checked out, if any that is still there. */
const checkoutOfBranch = async (context: RepositoryContext, ref: string): Promise<string | undefined> => {
  const { stdout } = await context.git({
    ...userPlace(context),
    args: ['worktree', 'list', '--porcelain', '-z'],
    env: READING,
  });
  let path = '';
  for (const field of fields(stdout)) {
    if (field.startsWith('worktree ')) path = field.slice('worktree '.length);
    if (field === `branch ${ref}` && (await exists(path))) return path;
  }
  return undefined;
};

/** A rebase will write the branch when it ends, over whatever we put there. */
const refuseUnderRebase = async (context: RepositoryContext, branch: string): Promise<void> => {
  const { commonDir } = context.layout;
  for (const gitDir of [commonDir, ...(await linkedGitDirs(commonDir))]) {
    if ((await rebasedRef(gitDir)) === `refs/heads/${branch}`) {
      throw refusal(
        `The branch "${branch}" is being rebased.`,
        'Finish or abort the rebase (`git rebase --continue` or `--abort`), then merge the result branch.',
      );
    }
  }
};

const refuseUnlessClean = async (
  context: RepositoryContext,
  checkout: string,
  branch: string,
): Promise<void> => {
  const layout = await layoutOf(checkout);
  const operation = layout === undefined ? undefined : await operationInProgress(layout.gitDir);
  if (operation !== undefined) {
    throw refusal(
      `The checkout of "${branch}" is in the middle of a ${operation}.`,
      `Finish or abort the ${operation}, then merge the result branch.`,
    );
  }
  const { entries } = await readStatus(context.git, { cwd: checkout }, 'no');
  if (entries.length > 0) {
    const files = entries.map((entry) => entry.path);
    throw refusal(
      `The checkout of "${branch}" has uncommitted changes in ${files.length} file(s), ${JSON.stringify(files[0])} among them.`,
      'Commit them (or put them aside yourself), then merge the result branch with `git merge`.',
      { files },
    );
  }
};

/**
 * Moves the checked-out branch and its files to a commit that follows it. `--ff-only` makes git itself
 * refuse where the branch moved meanwhile or a file is in the way; ignored files count as in the way too,
 * which git does not do by itself.
 * @returns false where the branch moved meanwhile
 */
const fastForwardCheckout = async (
  context: RepositoryContext,
  checkout: string,
  branch: string,
  target: Commit,
): Promise<boolean> => {
  const outcome = await context.git({
    cwd: checkout,
    args: [
      'merge',
      '--ff-only',
      '--no-overwrite-ignore',
      '--no-autostash',
      '--no-stat',
      '--quiet',
      '--',
      target,
    ],
    // In the user's own checkout LFS files are wanted, not their pointers.
    env: { GIT_LFS_SKIP_SMUDGE: '0', GIT_REFLOG_ACTION: 'orchestrator: apply' },
    allow: [1, 128],
  });
  if (outcome.exitCode === 0) return true;
  if (/Not possible to fast-forward|Diverging branches/.test(outcome.stderr)) return false;
  const files = [...outcome.stderr.matchAll(/^\t(.*)$/gm)].flatMap((match) => match[1] ?? []);
  if (files.length > 0) {
    throw refusal(
      `Files in the checkout of "${branch}" would be overwritten: ${files.slice(0, 10).join(', ')}`,
      'Move them away or commit them, then merge the result branch with `git merge`.',
      { files },
    );
  }
  throw refusal(
    `Git refused to move "${branch}" in its checkout.`,
    'Look whether another git command runs there (index.lock), then merge the result branch with `git merge`.',
    { stderr: outcome.stderr.slice(0, 4000) },
  );
};

/** @returns false where the branch moved meanwhile */
const moveRef = async (
  context: RepositoryContext,
  ref: string,
  to: Commit,
  from: Commit,
): Promise<boolean> => {
  const outcome = await context.git({
    ...userPlace(context),
    args: ['update-ref', '-m', 'orchestrator: apply', ref, to, from],
    allow: [1, 128],
  });
  return outcome.exitCode === 0;
};

/**
 * Moves a branch of the user's to hold `commit`. The merge is made as an object first, so that the branch
 * and the files move in one step by a fast-forward that git refuses rather than loses anything.
 * @throws ConflictError dirty tree, files in the way, conflicting changes, an operation in progress
 */
export const advance = async (
  context: RepositoryContext,
  branch: string,
  commit: Commit,
  message: string,
): Promise<Commit> => {
  await refuseUnderRebase(context, branch);
  for (let round = 0; round < ROUNDS; round += 1) {
    const current = await branchCommit(context, branch);
    if (current === undefined) {
      throw refusal(
        `The branch "${branch}" is not there any more.`,
        'The result is on its own branch: create the branch again and merge it with `git merge`.',
      );
    }
    const merged = await merge(context, current, commit, message);
    if (!merged.clean) {
      throw refusal(
        `The result conflicts with what is on "${branch}" now: ${merged.files.slice(0, 10).join(', ')}`,
        'Merge the result branch yourself with `git merge` and resolve these files, or submit the work again.',
        { files: merged.files },
      );
    }
    if (merged.commit === current) return current;
    const checkout = await checkoutOfBranch(context, `refs/heads/${branch}`);
    if (checkout === undefined) {
      if (await moveRef(context, `refs/heads/${branch}`, merged.commit, current)) return merged.commit;
      continue;
    }
    await refuseUnlessClean(context, checkout, branch);
    if (await fastForwardCheckout(context, checkout, branch, merged.commit)) return merged.commit;
  }
  throw refusal(
    `The branch "${branch}" kept moving while the result was merged.`,
    'Merge the result branch with `git merge` when the branch is quiet.',
  );
};
