import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Commit } from '../../../src/domain/ids.ts';
import { commit, git, head, read, scene, userState, write } from './support.ts';

/** A commit beside the user's branch, made by plumbing of the test's own: `main` never moves. */
const aside = (
  root: string,
  name: string,
  parent: Commit,
  files: Readonly<Record<string, string>>,
): Commit => {
  const folder = `${root}-${name}`;
  git(root, 'worktree', 'add', '-q', '--detach', folder, parent);
  const made = commit(folder, name, files);
  git(root, 'worktree', 'remove', '--force', folder);
  return made;
};

test('a side that contains the other is taken as it is, without a merge commit', async () => {
  const { root, base, workspaces } = scene();
  const repository = await workspaces.repository(root);
  const later = aside(root, 'later', base, { b: 'b' });
  expect(await repository.merge(base, later, 'm')).toEqual({ clean: true, commit: later });
  expect(await repository.merge(later, base, 'm')).toEqual({ clean: true, commit: later });
  expect(await repository.merge(base, base, 'm')).toEqual({ clean: true, commit: base });
  expect([await repository.isAncestor(base, later), await repository.isAncestor(later, base)]).toEqual([
    true,
    false,
  ]);
});

test('a merge has ours and theirs as parents, in this order, and the message given', async () => {
  const { root, base, workspaces } = scene();
  const repository = await workspaces.repository(root);
  const [x, y] = [aside(root, 'x', base, { x: 'x' }), aside(root, 'y', base, { y: 'y' })];
  const merged = await repository.merge(x, y, 'Merge y\n\nTask: y');
  if (!merged.clean) throw new Error('conflict');
  expect(git(root, 'log', '-1', '--format=%P|%B', merged.commit).trim()).toBe(`${x} ${y}|Merge y\n\nTask: y`);
  expect(await repository.diff(x, merged.commit)).toContain('+++ b/y');
  expect(await repository.diffStat(base, merged.commit)).toMatch(/2 files changed/);
});

test('every file in conflict is named, odd names too, and nothing is written', async () => {
  const { root, base, workspaces } = scene({ 'new\nline "q"': '1\n', 'ü x': '1\n', kept: '1\n' });
  const repository = await workspaces.repository(root);
  const x = aside(root, 'x', base, { 'new\nline "q"': 'x\n', 'ü x': 'x\n', 'both/new': 'x' });
  const y = aside(root, 'y', base, { 'new\nline "q"': 'y\n', 'ü x': 'y\n', 'both/new': 'y', kept: '2\n' });
  const before = userState(root);
  const files = ['both/new', 'new\nline "q"', 'ü x'];
  expect([...(await repository.conflicts(x, y))].sort()).toEqual(files);
  const merged = await repository.merge(x, y, 'm');
  expect(merged).toMatchObject({ clean: false });
  expect(await repository.conflicts(base, y)).toEqual([]);
  expect(userState(root)).toBe(before);
});

test('tasks that touch different files merge to the same tree in every order', async () => {
  const { root, base, workspaces } = scene({ f0: '0\n', f1: '1\n', f2: '2\n' });
  const repository = await workspaces.repository(root);
  const sides = [0, 1, 2, 3].map((n) =>
    aside(root, `s${n}`, base, { [`f${n}`]: `changed ${n}\n`, [`d${n}/new`]: 'n' }),
  );
  const trees = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(sides, { minLength: 4, maxLength: 4 }), async (order) => {
      let at = base;
      for (const side of order) {
        const merged = await repository.merge(at, side, 'm');
        if (!merged.clean) throw new Error(`conflict in ${merged.files.join()}`);
        at = merged.commit;
      }
      for (const side of order) expect(await repository.isAncestor(side, at)).toBe(true);
      trees.add(git(root, 'rev-parse', `${at}^{tree}`));
    }),
    { numRuns: 6 },
  );
  expect(trees.size).toBe(1);
});

const openConflict = async () => {
  const { root, base, workspaces } = scene({
    'a.txt': 'a\n',
    'docs.md': '<<<<<<< example\n=======\n>>>>>>> example\n',
  });
  const repository = await workspaces.repository(root);
  const theirs = aside(root, 'theirs', base, { 'a.txt': 'theirs\n', clean: 'c' });
  const path = await repository.addWorktree('job/resolve', base);
  await repository.switchTo(path, 'orchestrator/job/resolve', base);
  write(path, { 'a.txt': 'ours\n' });
  await repository.commitAll(path, 'ours');
  const ours = head(path);
  await repository.startMerge(path, theirs);
  return { root, base, repository, path, ours, theirs };
};

test('a started merge leaves both sides in the file, and its resolution is a commit with both parents', async () => {
  const { repository, path, ours, theirs } = await openConflict();
  expect(read(path, 'a.txt')).toMatch(/<{7} HEAD\nours\n={7}\ntheirs\n>{7}/);
  expect(await repository.unresolved(path)).toEqual(['a.txt']);
  write(path, { 'a.txt': 'ours and theirs\n' });
  git(path, 'add', 'a.txt');
  expect(await repository.unresolved(path)).toEqual([]);
  await repository.commitAll(path, 'resolved');
  expect(git(path, 'log', '-1', '--format=%P').trim()).toBe(`${ours} ${theirs}`);
});

test('markers that were staged or committed are still seen, and are not committed by us', async () => {
  const { repository, path } = await openConflict();
  await expect(repository.commitAll(path, 'x')).rejects.toMatchObject({ code: 'CONFLICT' });
  git(path, 'add', '-A');
  expect(await repository.unresolved(path)).toEqual(['a.txt']);
  await expect(repository.commitAll(path, 'x')).rejects.toMatchObject({ code: 'CONFLICT' });
  git(path, 'commit', '-q', '-m', 'blind');
  expect(await repository.unresolved(path)).toEqual(['a.txt']);
});

test('a resolution that equals our side still concludes the merge', async () => {
  const { repository, path, ours, theirs, base } = await openConflict();
  git(path, 'checkout', '-q', '--ours', 'a.txt');
  git(path, 'rm', '-q', '-f', 'clean');
  git(path, 'add', '-A');
  expect(await repository.commitAll(path, 'ours it is')).toBe(head(path));
  expect(git(path, 'log', '-1', '--format=%P').trim()).toBe(`${ours} ${theirs}`);
  await repository.switchTo(path, 'orchestrator/job/next', base);
  expect(await repository.unresolved(path)).toEqual([]);
});

test('a merge over uncommitted changes is refused and leaves them', async () => {
  const { root, base, workspaces } = scene();
  const repository = await workspaces.repository(root);
  const theirs = aside(root, 'theirs', base, { 'a.txt': 'theirs\n' });
  const path = await repository.addWorktree('job/resolve', base);
  write(path, { 'a.txt': 'dirty\n' });
  await expect(repository.startMerge(path, theirs)).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(read(path, 'a.txt')).toBe('dirty\n');
});

test('a branch is deleted only where its commit stays reachable and nobody stands on it', async () => {
  const { root, base, workspaces } = scene();
  const repository = await workspaces.repository(root);
  const work = aside(root, 'work', base, { w: 'w' });
  await repository.setBranch('orchestrator/job/t1', work);
  expect(await repository.branchCommit('orchestrator/job/t1')).toBe(work);
  expect(await repository.deleteBranches(['orchestrator/job/t1'], base)).toEqual([]);
  const path = await repository.addWorktree('job/lane', base);
  git(path, 'checkout', '-q', 'orchestrator/job/t1');
  expect(await repository.deleteBranches(['orchestrator/job/t1'], work)).toEqual([]);
  await repository.removeWorktree(path);
  expect(await repository.deleteBranches(['orchestrator/job/t1'], work)).toEqual(['orchestrator/job/t1']);
  expect(await repository.branchCommit('orchestrator/job/t1')).toBeUndefined();
  expect(await repository.deleteBranches(['orchestrator/job/t1'], work)).toEqual([]);
});

test("no branch of the user's can be set, deleted or switched to", async () => {
  const { root, base, workspaces } = scene();
  const repository = await workspaces.repository(root);
  await expect(repository.setBranch('main', base)).rejects.toMatchObject({ code: 'INTERNAL' });
  await expect(repository.deleteBranches(['main'], base)).rejects.toMatchObject({ code: 'INTERNAL' });
  const path = await repository.addWorktree('job/lane', base);
  await expect(repository.switchTo(path, 'main', base)).rejects.toMatchObject({ code: 'INTERNAL' });
});
