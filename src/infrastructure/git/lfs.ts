import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { READING } from './environment.ts';
import type { Git } from './git.ts';

/**
 * Git is asked only where something hints at LFS.
 * @param configured git-lfs is set up on this machine or was used in this repository
 */
export const lfsWarnings = async (
  git: Git,
  root: string,
  configured: boolean,
): Promise<readonly string[]> => {
  const attributes = await readFile(join(root, '.gitattributes'), 'utf8').catch(() => '');
  if (!configured && !attributes.includes('filter=lfs')) return [];
  const { stdout } = await git({
    cwd: root,
    args: ['ls-files', '-z', '--', ':(attr:filter=lfs)'],
    env: { ...READING, GIT_LITERAL_PATHSPECS: '0' },
    limit: 4096,
  });
  return stdout === ''
    ? []
    : [
        'Files of git-lfs stay pointers in worktrees: list them in `copy` is no way round, since they are tracked; let `setup` run `git lfs pull` if the work needs them.',
      ];
};
