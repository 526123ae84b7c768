import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EventHub } from '../../../../src/application/observing/eventHub.ts';
import { type RecoveryDeps, recoverJobs } from '../../../../src/application/running/job/recovery.ts';
import type { Approval } from '../../../../src/domain/approval.ts';
import type { JobEvent } from '../../../../src/domain/events.ts';
import { NO_TOKENS, newTask, type Task, type TaskStatus } from '../../../../src/domain/task.ts';
import { approval, job, taskSpec } from '../../../support/specs.ts';
import { jobId, realStore, temporaryFolder } from '../../memory.ts';

const ALL: readonly TaskStatus[] = [
  'waiting',
  'ready',
  'running',
  'verifying',
  'done',
  'failed',
  'skipped',
  'cancelled',
];

/** What the desk is told, and the worktrees that are on disk. */
const recover = async (o: {
  readonly store: RecoveryDeps['store'];
  readonly bus?: EventHub;
  readonly worktrees?: readonly string[];
  readonly told?: string[];
}) =>
  recoverJobs({
    store: o.store,
    bus: o.bus ?? new EventHub(),
    desk: {
      supersede: async (_job, task) => void o.told?.push(`supersede ${task}`),
      cancel: async (_job, task) => void o.told?.push(`cancel ${task}`),
    },
    workspaces: {
      kept: async () => (o.worktrees ?? []).map((path) => ({ path, repository: '/srv/r', jobId: jobId(1) })),
    },
  });

/** A store as an earlier process left it: job 1 in mid-work, 2 integrating, 3 ended, 4 not yet planned. */
const leftBehind = async () => {
  const path = join(temporaryFolder(), 'state.db');
  const store = await realStore(path);
  const tasks = (number: number, statuses: readonly TaskStatus[]): Task[] =>
    statuses.map((status, at) => ({
      ...newTask(jobId(number), taskSpec(`${status}${at}`)),
      status,
      attempts: status === 'waiting' ? 0 : 1,
      seconds: 7,
      costUsd: 0.5,
    }));
  for (const [number, status, statuses] of [
    [1, 'running', ALL],
    [2, 'integrating', ['done']],
    [3, 'failed', ['failed']],
    [4, 'planning', []],
  ] as const) {
    const created = job({ id: jobId(number), status: 'planning', createdAt: number });
    await store.createJob(created, undefined);
    if (status === 'planning') continue;
    await store.commit(
      created.id,
      [
        { kind: 'plan', jobId: created.id, tasks: tasks(number, statuses) },
        { kind: 'job', from: 'planning', to: { ...created, status } },
      ],
      [],
    );
  }
  await store.close();
  return realStore(path);
};

test('tasks that were in flight are ready again with the lost attempt counted; all others stand as they stood', async () => {
  const store = await leftBehind();
  const before = await store.tasks(jobId(1));
  const [journal] = await recover({ store });
  const wanted = before.map(
    (task): Task =>
      task.status === 'running' || task.status === 'verifying' ? { ...task, status: 'ready' } : task,
  );
  expect(journal?.view().tasks).toEqual(wanted);
  expect(await store.tasks(jobId(1))).toEqual(wanted);
  expect(wanted[2]).toMatchObject({ attempts: 1, failures: 0, costUsd: 0.5 });
});

test('every job that has not ended is taken up, oldest first, in the state it was in, and no other', async () => {
  const store = await leftBehind();
  const journals = await recover({ store });
  expect(journals.map(({ job: { id, status } }) => [id, status])).toEqual([
    [jobId(1), 'running'],
    [jobId(2), 'integrating'],
    [jobId(4), 'planning'],
  ]);
  expect(await store.lastSeq(jobId(3))).toBe(1);
});

test('a recovery is an event of the job that says how many tasks were in flight, and the numbers go on', async () => {
  const store = await leftBehind();
  const bus = new EventHub();
  const heard: JobEvent[] = [];
  bus.subscribe((event) => heard.push(event));
  const journals = await recover({ store, bus });
  expect(heard.map(({ jobId: id, seq, happening }) => [id, seq, happening])).toEqual([
    [jobId(1), 2, { type: 'job.recovered', tasksInFlight: 2 }],
    [jobId(2), 2, { type: 'job.recovered', tasksInFlight: 0 }],
    [jobId(4), 2, { type: 'job.recovered', tasksInFlight: 0 }],
  ]);
  await journals[0]?.note({ type: 'job.warning', message: 'on we go' });
  expect(await store.lastSeq(jobId(1))).toBe(3);
});

test('a second crash before any work counts no attempt twice', async () => {
  const store = await leftBehind();
  await recover({ store });
  const once = await store.tasks(jobId(1));
  await recover({ store });
  expect(await store.tasks(jobId(1))).toEqual(once);
});

/** A job whose tasks stood as given when the process died, and its approvals. */
const heldBehind = async (tasks: readonly Task[], approvals: readonly Approval[]) => {
  const store = await realStore(join(temporaryFolder(), 'state.db'));
  const created = job({ id: jobId(1), status: 'planning' });
  await store.createJob(created, undefined);
  await store.commit(
    created.id,
    [
      { kind: 'plan', jobId: created.id, tasks },
      { kind: 'job', from: 'planning', to: { ...created, status: 'running' } },
      ...approvals.map((to) => ({ kind: 'approval' as const, from: undefined, to })),
    ],
    [],
  );
  return store;
};
const WORKTREE = '/srv/worktrees/lane-0';
const holding = (id: string, part: Partial<Task> = {}): Task => ({
  ...newTask(jobId(1), taskSpec(id)),
  status: 'running',
  attempts: 1,
  lineage: 1,
  resume: {
    sessionId: 'session-1',
    worktree: WORKTREE,
    how: 'interrupted',
    spent: { costUsd: 1, tokens: NO_TOKENS },
  },
  ...part,
});
const askedBy = (taskId: string, part: Record<string, unknown> = {}): Approval =>
  approval({ jobId: jobId(1), taskId, ...part });

test('a task whose call waited for a person goes on where it was, with the same lineage', async () => {
  for (const status of ['pending', 'superseded', 'approved', 'denied']) {
    const store = await heldBehind([holding('a')], [askedBy('a', { status })]);
    const told: string[] = [];
    await recover({ store, told, worktrees: [WORKTREE] });
    const [task] = await store.tasks(jobId(1));
    expect(task).toMatchObject({
      status: 'ready',
      lineage: 1,
      attempts: 1,
      resume: { sessionId: 'session-1', worktree: WORKTREE, how: 'interrupted' },
    });
    // What it cost was never written: the session tells it again, and then it counts.
    expect(task?.resume?.spent).toBeUndefined();
    expect(told).toEqual(['supersede a']);
  }
});

test('without its worktree, or with nothing that waits or was decided for it, it starts anew and its requests end', async () => {
  const cases = [
    { worktrees: [], approvals: [askedBy('a')] },
    { worktrees: [WORKTREE], approvals: [askedBy('a', { status: 'used' })] },
    { worktrees: [WORKTREE], approvals: [askedBy('other')] },
  ];
  for (const { worktrees, approvals } of cases) {
    const store = await heldBehind([holding('a')], approvals);
    const told: string[] = [];
    await recover({ store, told, worktrees });
    const [task] = await store.tasks(jobId(1));
    expect(task?.status).toBe('ready');
    expect(task?.resume).toBeUndefined();
    expect(told).toEqual(['cancel a']);
  }
});

test('a parked task stays parked; one whose worktree is gone has nothing to go on with', async () => {
  const parked = holding('a', { status: 'parked' });
  const resume = { ...holding('b').resume, sessionId: 's', how: 'deferred' as const, worktree: '/srv/gone' };
  const store = await heldBehind([parked, holding('b', { status: 'parked', resume })], [askedBy('a')]);
  const told: string[] = [];
  await recover({ store, told, worktrees: [WORKTREE] });
  const [a, b] = await store.tasks(jobId(1));
  expect(a).toEqual(parked);
  expect(b).toMatchObject({ status: 'parked' });
  expect(b?.resume).toBeUndefined();
  expect(told).toEqual(['cancel b']);
});
