import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { git } from '../../demo/example/repository.ts';

/** Everything of one contender in one temporary folder: nothing of one run is seen by the next. */
export type Place = {
  readonly root: string;
  readonly repository: string;
  readonly home: string;
  [Symbol.asyncDispose](): Promise<void>;
};

const FILES = 400;
const FOLDERS = 20;

const writeFiles = async (repository: string): Promise<void> => {
  const perFolder = FILES / FOLDERS;
  for (let folder = 0; folder < FOLDERS; folder++) {
    const path = join(repository, 'src', `module-${folder}`);
    await mkdir(path, { recursive: true });
    await Promise.all(
      Array.from({ length: perFolder }, (_, file) =>
        writeFile(
          join(path, `part-${file}.js`),
          `// Part ${file} of module ${folder}.\nexport const value${file} = ${file};\n${'// A line as code has them, so that the file has some size.\n'.repeat(30)}`,
        ),
      ),
    );
  }
};

/** A repository of 400 files with one commit on `main`, a home without settings, all of it removed afterwards. */
export const makePlace = async (): Promise<Place> => {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'orchestrator-bench-')));
  const repository = join(root, 'repository');
  const home = join(root, 'home');
  await mkdir(repository);
  await mkdir(home);
  await writeFiles(repository);
  await git(repository, 'init', '--quiet', '--initial-branch=main', '--template=');
  // In the repository itself, so that no contender's commits need anybody's own configuration.
  await git(repository, 'config', 'user.name', 'Bench');
  await git(repository, 'config', 'user.email', 'bench@example.invalid');
  await git(repository, 'config', 'commit.gpgsign', 'false');
  await git(repository, 'config', 'gc.auto', '0');
  await git(repository, 'add', '--all');
  await git(repository, 'commit', '--quiet', '--message', 'Four hundred files');
  return {
    root,
    repository,
    home,
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true, maxRetries: 5 }),
  };
};

/** Which of `paths` are committed on one of `refs`. */
export const committed = async (
  repository: string,
  refs: readonly string[],
  paths: readonly string[],
): Promise<number> => {
  const found = new Set<string>();
  for (const ref of refs) {
    const listed = await git(repository, 'ls-tree', '-r', '--name-only', ref, '--', ...paths);
    for (const path of listed.split('\n')) found.add(path);
  }
  return paths.filter((path) => found.has(path)).length;
};
