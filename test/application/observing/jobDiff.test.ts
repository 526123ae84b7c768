import { expect, it } from 'vitest';
import { jobDiff } from '../../../src/application/observing/jobDiff.ts';
import type { Repository } from '../../../src/application/ports/repository.ts';
import type { Workspaces } from '../../../src/application/ports/workspaces.ts';
import { commitSchema } from '../../../src/domain/ids.ts';
import { job, task } from '../../support/specs.ts';

const commit = (digit: string) => commitSchema.parse(digit.repeat(40));
const file = (name: string): string => `diff --git a/${name} b/${name}\n+${name}\n`;

/** Of git only the diffs matter here; the commits of this repository are known by their first digit. */
const repository: Pick<Repository, 'diff'> = {
  diff: async (_from, to) =>
    ({ a: file('a'), b: file('a') + file('b'), c: file('a') + file('c'), f: file('all') })[to.slice(0, 1)] ??
    '',
};
const deps = { workspaces: { repository: async () => repository } as unknown as Workspaces };

const running = job({ base: { commit: commit('0'), branch: 'main' } });
const done = (id: string, after: readonly string[] = []) =>
  task(id, { status: 'done', commit: commit(id) }, { dependsOn: after });

it('a job that runs shows what its done tasks have committed, each file once', async () => {
  const tasks = [done('a'), done('b', ['a']), done('c', ['a']), task('d', { status: 'running' })];
  expect(await jobDiff(deps, { job: running, tasks, seq: 1 })).toBe(file('a') + file('b') + file('c'));
});

it('a job with a result shows the result, and one without work nothing', async () => {
  const merged = job({ base: { commit: commit('0'), branch: 'main' }, commit: commit('f') });
  expect(await jobDiff(deps, { job: merged, tasks: [done('a')], seq: 1 })).toBe(file('all'));
  expect(await jobDiff(deps, { job: running, tasks: [task('d')], seq: 1 })).toBe('');
});
