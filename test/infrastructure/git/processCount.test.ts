import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { head, scene, tempFolder } from './support.ts';

test('no operation starts more git processes than its budget', async () => {
  const traces = tempFolder();
  process.env.GIT_TRACE2_EVENT = traces;
  const { root, base, workspaces } = scene();
  delete process.env.GIT_TRACE2_EVENT;
  let before = 0;
  const since = async <T>(work: Promise<T>): Promise<number> => {
    await work;
    const all = readdirSync(traces).length;
    const count = all - before;
    before = all;
    return count;
  };
  before = readdirSync(traces).length;
  const repository = await workspaces.repository(root);
  // Version once a server, then status and configuration.
  expect(await since(Promise.resolve())).toBe(3);
  await since(workspaces.repository(root));
  const path = await repository.addWorktree('job/lane', base);
  await since(Promise.resolve());
  const branch = 'orchestrator/job/t';
  expect(await since(repository.switchTo(path, branch, base))).toBe(2);
  expect(await since(repository.inspect(path, { base, branch }))).toBe(1);
  expect(await since(repository.commitAll(path, 'none'))).toBe(1);
  writeFileSync(join(path, 'b'), 'b');
  expect(await since(repository.commitAll(path, 'b'))).toBe(3);
  expect(await since(repository.inspect(path, { base, branch }))).toBe(2);
  expect(await since(repository.merge(base, head(path), 'm'))).toBe(1);
  expect(await since(repository.changedFiles(base, head(path)))).toBe(1);
  expect(await since(repository.snapshot(path, base))).toBe(3);
  expect(await since(repository.removeWorktree(path))).toBe(0);
});
