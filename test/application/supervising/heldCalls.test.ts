import { expect, test } from 'vitest';
import type { Ruling, WaitingCall } from '../../../src/application/approving/ports.ts';
import { JobJournal } from '../../../src/application/journal.ts';
import { EventHub } from '../../../src/application/observing/eventHub.ts';
import type { AskedCall } from '../../../src/application/ports/gate.ts';
import { Deadline } from '../../../src/application/supervising/deadline.ts';
import { HeldCalls } from '../../../src/application/supervising/heldCalls.ts';
import { NO_TOKENS, newTask, type Task } from '../../../src/domain/task.ts';
import { approval, JOB_ID, job, taskId, taskSpec } from '../../support/specs.ts';
import { realStore } from '../memory.ts';

const WORKTREE = '/srv/lane-0';
const HOLD_MS = 120_000;
const undecided: Ruling = { kind: 'undecided', approval: approval() };
const allowed: Ruling = { kind: 'allow', input: { command: 'rm x' } };

/** A running task, and a desk that rules as the test says. */
const ground = async (
  o: { readonly mayPark?: boolean; readonly task?: Partial<Task>; readonly status?: string } = {},
) => {
  const store = await realStore();
  const created = job({ id: JOB_ID, status: 'planning' });
  await store.createJob(created, undefined);
  const task: Task = {
    ...newTask(JOB_ID, taskSpec('a')),
    status: 'running',
    attempts: 3,
    lineage: 2,
    ...o.task,
  };
  const running = { ...created, status: 'running' as const };
  await store.commit(
    JOB_ID,
    [
      { kind: 'plan', jobId: JOB_ID, tasks: [task] },
      { kind: 'job', from: 'planning', to: running },
      { kind: 'approval', from: undefined, to: approval({ status: o.status ?? 'pending' }) },
    ],
    [],
  );
  const journal = new JobJournal({ job: running, tasks: [task], seq: 1 }, store, new EventHub());
  const asks: { waiting: WaitingCall; holdMs: number; rule: (ruling: Ruling) => void }[] = [];
  let heard = Promise.withResolvers<void>();
  const deadline = new Deadline(60);
  const unused = () => Promise.reject(new Error('not asked for'));
  const held = new HeldCalls({
    desk: {
      ask: (waiting, holdMs, signal) =>
        new Promise((resolve, reject) => {
          asks.push({ waiting, holdMs, rule: resolve });
          signal.addEventListener('abort', () => reject(signal.reason));
          heard.resolve();
          heard = Promise.withResolvers();
        }),
      settled: unused,
      supersede: unused,
      cancel: unused,
    },
    store,
    journal,
    taskId: taskId('a'),
    holdMs: HOLD_MS,
    deadline,
    mayPark: o.mayPark ?? true,
    log: () => undefined,
    onHeld: () => undefined,
  });
  held.begin({
    begun: async () => undefined,
    base: undefined,
    spent: () => ({ costUsd: 0.5, tokens: NO_TOKENS }),
  });
  const worker = new AbortController();
  return {
    held,
    asks,
    deadline,
    worker,
    resume: () => journal.task(taskId('a')).resume,
    /** A call comes; resolves with the desk's question about it. */
    call: async (toolUseId = 'toolu_1', canDefer = true) => {
      const next = heard.promise;
      const ruling = held.ask(asked(toolUseId, canDefer), worker.signal);
      ruling.catch(() => undefined);
      await Promise.race([next, ruling]);
      return { ruling, next: () => heard.promise };
    },
  };
};

const asked = (toolUseId: string, canDefer: boolean): AskedCall => ({
  call: { tool: 'Bash', input: { command: 'rm x' }, fromSubagent: false },
  verdict: {
    risk: 'HIGH',
    decision: 'ask',
    approversNeeded: 1,
    reasons: [],
    message: '',
    policyHash: 'p',
  },
  cwd: WORKTREE,
  worktree: WORKTREE,
  toolUseId,
  sessionId: 'session-1',
  pid: 42,
  canDefer: () => canDefer,
});

test('a call is asked about as what it is: its attempt, its lineage, its policy, for as long as a worker is held', async () => {
  const g = await ground();
  const { ruling } = await g.call();
  expect(g.asks).toMatchObject([
    {
      holdMs: HOLD_MS,
      waiting: { taskId: 'a', attempt: 3, lineage: 2, toolUseId: 'toolu_1', policyHash: 'p' },
    },
  ]);
  g.asks[0]?.rule(allowed);
  expect(await ruling).toEqual(allowed);
});

test('while it waits the task knows where it would go on; once it is decided it does not', async () => {
  const g = await ground();
  const { ruling } = await g.call();
  expect(g.resume()).toMatchObject({ sessionId: 'session-1', worktree: WORKTREE, how: 'interrupted' });
  g.asks[0]?.rule(allowed);
  await ruling;
  expect(g.resume()).toBeUndefined();
});

test('a process that goes away leaves what the next one needs, and that it was cut off', async () => {
  const g = await ground();
  const { ruling } = await g.call();
  g.worker.abort(new Error('it died'));
  await expect(ruling).rejects.toThrow('it died');
  expect(g.held.interrupted).toBe(true);
  expect(g.held.any).toBe(false);
  expect(g.resume()).toMatchObject({ how: 'interrupted' });
});

test('nobody decided: a call that stands alone is given up with its process', async () => {
  const g = await ground();
  const { ruling } = await g.call();
  g.asks[0]?.rule(undecided);
  expect(await ruling).toEqual(undecided);
  expect(g.held.parkedAt?.id).toBe(approval().id);
});

test.each([
  ['that is not alone', { canDefer: false, mayPark: true }],
  ['in a folder that is not its own', { canDefer: true, mayPark: false }],
])('nobody decided: a call %s is held on, longer than any approval waits', async (_name, o) => {
  const g = await ground({ mayPark: o.mayPark });
  const { ruling, next } = await g.call('toolu_1', o.canDefer);
  const again = next();
  g.asks[0]?.rule(undecided);
  await again;
  expect(g.asks[1]?.holdMs).toBeGreaterThan(23 * 24 * 3600 * 1000);
  expect(g.asks[1]?.holdMs).toBeLessThan(2 ** 31);
  g.asks[1]?.rule({ kind: 'deny', message: 'no' });
  expect(await ruling).toEqual({ kind: 'deny', message: 'no' });
  expect(g.held.parkedAt).toBeUndefined();
});

test('of two calls that wait none is given up, and the first decision does not forget where the other would go on', async () => {
  const g = await ground();
  const first = await g.call('toolu_1');
  const second = await g.call('toolu_2');
  const again = first.next();
  g.asks[0]?.rule(undecided);
  await again;
  expect(g.held.parkedAt).toBeUndefined();
  g.asks[2]?.rule(allowed);
  await first.ruling;
  expect(g.resume()).toMatchObject({ how: 'interrupted' });
  g.asks[1]?.rule(allowed);
  await second.ruling;
  expect(g.resume()).toBeUndefined();
});

test('resumed at a call that nobody decided in time, that is denied and not asked again', async () => {
  const resume = {
    sessionId: 'session-1',
    worktree: WORKTREE,
    how: 'deferred' as const,
    approvalId: approval().id,
    toolUseId: 'toolu_1',
  };
  const late = await ground({ task: { resume }, status: 'expired' });
  expect(await (await late.call('toolu_1')).ruling).toMatchObject({ kind: 'deny' });
  expect(late.asks).toEqual([]);
  // Another call of the same worker is another question.
  const other = await ground({ task: { resume }, status: 'expired' });
  await other.call('toolu_2');
  expect(other.asks).toHaveLength(1);
});
