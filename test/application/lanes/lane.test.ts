import { expect, test } from 'vitest';
import { Lane } from '../../../src/application/lanes/lane.ts';
import { Starts } from '../../../src/application/lanes/starts.ts';
import type { WorkerSession } from '../../../src/application/ports/worker.ts';
import { runTokenSchema } from '../../../src/domain/ids.ts';

/** Faults that a real process cannot be made to have: it neither empties its conversation nor ends. */
const session = (pid: number, fault: Error | undefined): WorkerSession => ({
  pid,
  alive: true,
  run: async () => Promise.reject(new Error('not asked for')),
  clear: async () => {
    if (fault !== undefined) throw fault;
  },
  say: () => false,
  residentBytes: async () => 0,
  endLeftovers: async () => ({ ended: [], survivors: [] }),
  end: async () => {
    if (fault !== undefined) throw fault;
  },
});

test('a process that cannot be refreshed or ended fails the next task only, and the lane serves on with a new one', async () => {
  const stuck = new Error('it cannot be ended');
  const sessions = [session(1, stuck), session(2, undefined)];
  const unused = async (): Promise<never> => Promise.reject(new Error('not asked for'));
  const lane = new Lane(0, 20_000, {
    runtime: {
      open: async () => sessions.shift() ?? unused(),
      prewarm: unused,
      live: () => 0,
      describe: unused,
    },
    ids: {
      job: () => expect.unreachable(),
      approval: () => expect.unreachable(),
      runToken: () => runTokenSchema.parse('run_0000000000000000'),
    },
    starts: new Starts(0),
    spec: { fresh: false },
    readRoots: [],
    tasksPerWorker: 20,
    workerMemoryLimit: Number.POSITIVE_INFINITY,
    makeFolder: async () => ({
      path: '/srv/lane',
      prepare: async () => undefined,
      goOn: async () => undefined,
      collect: unused,
      changes: async () => [],
      snapshot: async () => undefined,
      dispose: async () => undefined,
    }),
    onLeftovers: () => undefined,
  });
  const { signal } = new AbortController();
  const wanted = { model: undefined, budgetUsd: undefined };
  expect((await lane.worker(wanted, signal)).pid).toBe(1);
  await lane.recycle(true);
  await expect(lane.worker(wanted, signal)).rejects.toBe(stuck);
  expect((await lane.worker(wanted, signal)).pid).toBe(2);
});
