import type { Commit } from '../../domain/ids.ts';
import { type RepositoryContext, userPlace } from './context.ts';
import { READING } from './environment.ts';
import { fields } from './git.ts';

/** Characters of a diff that are kept; nobody reads more, and a generated file can be a gigabyte. */
const DIFF_LIMIT = 20 * 1024 * 1024;

/** Plumbing: the user's pagers, colours, prefixes and external diff programs have no say. */
const diffTree = (context: RepositoryContext, options: readonly string[], from: Commit, to: Commit) =>
  context.git({
    ...userPlace(context),
    args: ['diff-tree', '-r', '--no-ext-diff', '--no-textconv', ...options, from, to, '--'],
    env: READING,
    limit: DIFF_LIMIT,
  });

/** Both names of a renamed file are in it. */
export const changedFiles = async (
  context: RepositoryContext,
  from: Commit,
  to: Commit,
): Promise<readonly string[]> =>
  from === to
    ? []
    : fields((await diffTree(context, ['--name-only', '--no-renames', '-z'], from, to)).stdout);

export const diff = async (context: RepositoryContext, from: Commit, to: Commit): Promise<string> => {
  if (from === to) return '';
  const { stdout, cut } = await diffTree(context, ['-p', '-M'], from, to);
  return cut ? `${stdout}\n[cut here: the diff is longer than ${DIFF_LIMIT} characters]\n` : stdout;
};

export const diffStat = async (context: RepositoryContext, from: Commit, to: Commit): Promise<string> =>
  from === to ? '' : (await diffTree(context, ['--stat=100', '-M'], from, to)).stdout;
