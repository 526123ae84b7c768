import { expect, test } from 'vitest';
import { makeReceipt, receiptOf } from '../../../src/application/observing/receipt.ts';
import { consequences } from '../../../src/application/scheduling/taskGraph.ts';
import type { Happening, JobEvent } from '../../../src/domain/events.ts';
import { approvalIdSchema } from '../../../src/domain/ids.ts';
import type { Task } from '../../../src/domain/task.ts';
import { JOB_ID, job, task, taskId } from '../../support/specs.ts';

const events = (...happenings: readonly Happening[]): JobEvent[] =>
  happenings.map((happening, at) => ({ jobId: JOB_ID, seq: at + 1, at, happening }));
const error = { code: 'WORKER_CRASH', message: '', hint: '', retryable: true };
const started = (id: string, lane: number): Happening => ({
  type: 'task.started',
  taskId: taskId(id),
  attempt: 1,
  lane,
  pid: 1,
  sessionId: 's',
});

test('the receipt sums up what happened: times, lanes, cost, tokens and what was caught', () => {
  const tokens = { input: 1, output: 2, cacheRead: 3, cacheWrite: 4 };
  const tasks = [
    task('a', { status: 'done', seconds: 10, costUsd: 0.5, tokens }),
    task('b', { status: 'done', seconds: 20, costUsd: 0.25, tokens, repairs: 2 }, { dependsOn: ['a'] }),
    task('c', { status: 'failed', seconds: 5, verification: 'failed' }),
    task('d', { status: 'done', seconds: 7, orderedAfter: [taskId('b')] }),
  ];
  const b = { taskId: taskId('b'), attempt: 1 };
  const receipt = receiptOf(
    job({ createdAt: 1000, endedAt: 22_000, overheadCostUsd: 0.25 }),
    tasks,
    events(
      started('a', 1),
      started('c', 2),
      started('b', 1),
      { type: 'task.repairing', ...b, round: 1, note: '' },
      { type: 'task.repairing', ...b, round: 2, note: '' },
      { type: 'task.retrying', ...b, error, delayMs: 1 },
      { type: 'task.held', taskId: taskId('d'), behind: taskId('b'), reason: '', live: true },
      { type: 'conflict.found', taskId: taskId('b'), files: [] },
    ),
  );
  expect(receipt).toEqual({
    wallSeconds: 21,
    workerSeconds: 42,
    criticalPathSeconds: 37,
    criticalPath: ['a', 'b', 'd'],
    speedup: 2,
    utilization: 1,
    lanes: 2,
    tokens: { input: 2, output: 4, cacheRead: 6, cacheWrite: 8 },
    costUsd: 1,
    conflicts: 1,
    collisionsHeldBack: 1,
    verificationCatches: 3,
    repairs: 2,
    retries: 1,
    refusals: 0,
  });
});

test('a call that was denied counts with those that the gate refused, once however often it is told', () => {
  const changed = (id: string, status: 'denied' | 'used' | 'approved'): Happening => ({
    type: 'approval.changed',
    taskId: taskId('a'),
    approvalId: approvalIdSchema.parse(id),
    status,
  });
  const receipt = receiptOf(
    job(),
    [],
    events(
      {
        type: 'tool.judged',
        ...{ taskId: taskId('a'), attempt: 1, allowed: false, tool: 'Bash', risk: 'CRITICAL', reason: '' },
      },
      changed('apr_0123456789abcdef', 'denied'),
      changed('apr_0123456789abcdef', 'denied'),
      changed('apr_0123456789abcdef', 'used'),
      changed('apr_0123456789abcdeg', 'approved'),
      changed('apr_0123456789abcdeg', 'used'),
    ),
  );
  expect(receipt.refusals).toBe(2);
});

test('a job that ended before anything ran has a receipt of zeros, and no division by zero', () => {
  const receipt = receiptOf(job({ createdAt: 5, endedAt: 5 }), [], []);
  expect(receipt).toMatchObject({ workerSeconds: 0, speedup: 0, utilization: 0, lanes: 0, criticalPath: [] });
  for (const value of Object.values(receipt)) if (typeof value === 'number') expect(value).not.toBeNaN();
});

test('what was estimated before stands beside what happened', () => {
  const estimate = {
    tasks: 2,
    workers: 2,
    criticalPathSeconds: 30,
    serialSeconds: 60,
    parallelWorthIt: true,
    costUsd: 1,
  };
  expect(receiptOf(job({ estimate }), [], []).estimate).toEqual(estimate);
});

test('two tasks that were each held behind the other in turn do not cost the job its receipt', () => {
  const x = task('x', { status: 'failed' });
  const y = task('y', { orderedAfter: [x.spec.id] });
  const released = consequences(
    [x, y].map(({ spec }) => spec.id),
    new Map([x, y].map((one) => [one.spec.id, one])),
  );
  // x is tried again while y runs and is put behind it.
  const tasks: Task[] = [
    { ...x, status: 'done', seconds: 3, orderedAfter: [y.spec.id] },
    { ...y, ...released.steps[0]?.patch, status: 'done', seconds: 4 },
  ];
  expect(receiptOf(job({ endedAt: 9000 }), tasks, []).workerSeconds).toBe(7);
});

test('every event is counted, however many pages they fill', async () => {
  for (const many of [999, 1000, 1001, 2500]) {
    const all = events(
      ...Array.from(
        { length: many },
        (): Happening => ({ type: 'conflict.found', taskId: taskId('a'), files: [] }),
      ),
    );
    const receipt = await makeReceipt(
      { events: async (_id, after, limit) => all.filter(({ seq }) => seq > after).slice(0, limit) },
      job(),
      [],
    );
    expect(receipt.conflicts).toBe(many);
  }
});
