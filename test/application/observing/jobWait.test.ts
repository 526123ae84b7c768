import { expect, test } from 'vitest';
import type { JobView } from '../../../src/application/api.ts';
import { EventHub } from '../../../src/application/observing/eventHub.ts';
import { type WaitOptions, waitForJob } from '../../../src/application/observing/jobWait.ts';
import { approvalSchema } from '../../../src/domain/approval.ts';
import type { Happening } from '../../../src/domain/events.ts';
import { JOB_ID, job, taskId } from '../../support/specs.ts';
import { jobId, ManualClock, settled } from '../memory.ts';

class CountingHub extends EventHub {
  listeners = 0;

  override subscribe(listener: Parameters<EventHub['subscribe']>[0]): () => void {
    this.listeners++;
    const end = super.subscribe(listener);
    return () => {
      this.listeners--;
      end();
    };
  }
}

/** A job whose events and state the test makes. */
class Bench {
  readonly clock = new ManualClock();
  readonly bus = new CountingHub();
  readonly told: { seq: number; viewSeq: number }[] = [];
  readonly abort = new AbortController();
  state: JobView = { job: job(), tasks: [], seq: 0 };
  view: () => Promise<JobView> = async () => this.state;

  happen(happening: Happening, part: Record<string, unknown> = {}): void {
    this.state = { ...this.state, job: { ...this.state.job, ...job(part) }, seq: this.state.seq + 1 };
    this.bus.publish([{ jobId: JOB_ID, seq: this.state.seq, at: 0, happening }]);
  }

  wait(o: Partial<WaitOptions> = {}): ReturnType<typeof waitForJob> {
    return waitForJob(this, JOB_ID, () => this.view(), {
      waitMs: 1000,
      signal: this.abort.signal,
      onEvent: ({ seq }, view) => this.told.push({ seq, viewSeq: view.seq }),
      ...o,
    });
  }
}

const APPROVAL = approvalSchema.parse({
  id: 'apr_0000000000000000',
  revision: 1,
  jobId: JOB_ID,
  taskId: 'a',
  lineage: 1,
  requestedBy: 'local-agent',
  status: 'pending',
  risk: 'HIGH',
  reasons: [],
  call: { tool: 'Bash', input: { command: 'rm x' }, cwd: '/w', env: {}, files: [] },
  policyHash: 'p',
  digest: 'a'.repeat(64),
  goal: '',
  touches: [],
  asked: 1,
  toolUseId: 'toolu',
  sessionId: 's',
  worktree: '/w',
  approversNeeded: 1,
  decisions: [],
  usesLeft: 0,
  createdAt: 0,
  expiresAt: 1,
});

const done: Happening = {
  type: 'task.done',
  taskId: taskId('a'),
  attempt: 1,
  verification: 'none',
  filesChanged: 0,
};
const succeeded: Happening = { type: 'job.status', from: 'integrating', to: 'succeeded' };
const wanted: Happening = { type: 'job.attention', reason: 'decide', refs: [] };
const attention = { attention: { reason: 'decide', refs: [] } };
const small: Happening = { type: 'task.message', taskId: taskId('a'), message: 'go on' };

/** What became of it by now. */
const now = async (waiting: ReturnType<typeof waitForJob>): Promise<string> => {
  await settled();
  return Promise.race([waiting.then(() => 'answered'), settled().then(() => 'still waiting')]);
};

test('a job that has ended, or wants attention, is not waited for', async () => {
  for (const part of [{ status: 'failed' }, attention] as const) {
    const bench = new Bench();
    bench.state = { job: job(part), tasks: [], seq: 4 };
    expect(await bench.wait()).toBe(bench.state);
    expect([bench.clock.sleeping, bench.bus.listeners]).toEqual([0, 0]);
  }
});

test('what happens between the subscription and the first look is not missed', async () => {
  const bench = new Bench();
  const look = Promise.withResolvers<JobView>();
  const stale = bench.state;
  bench.view = () => look.promise;
  const waiting = bench.wait();
  bench.happen(wanted, attention);
  bench.view = async () => bench.state;
  look.resolve(stale);
  expect(await waiting).toMatchObject({ job: attention, seq: 1 });
  expect(bench.told).toEqual([{ seq: 1, viewSeq: 1 }]);
});

test('an end that falls between the subscription and the first look is not missed either', async () => {
  const bench = new Bench();
  const look = Promise.withResolvers<JobView>();
  const stale = bench.state;
  bench.view = () => look.promise;
  const waiting = bench.wait();
  bench.happen(succeeded, { status: 'succeeded' });
  bench.view = async () => bench.state;
  look.resolve(stale);
  expect(await waiting).toMatchObject({ job: { status: 'succeeded' } });
});

test('what happens to other jobs is neither told nor an end', async () => {
  const bench = new Bench();
  const waiting = bench.wait();
  bench.happen(small);
  bench.bus.publish([{ jobId: jobId(7), seq: 1, at: 0, happening: succeeded }]);
  expect(await now(waiting)).toBe('still waiting');
  expect(bench.told).toHaveLength(1);
  bench.happen(succeeded, { status: 'succeeded' });
  expect(await now(waiting)).toBe('answered');
});

test('a wait is not ended by changes, but by attention and by the end', async () => {
  for (const [happening, part] of [
    [wanted, attention],
    [succeeded, { status: 'succeeded' }],
  ] as const) {
    const bench = new Bench();
    const waiting = bench.wait();
    bench.happen(done);
    bench.happen({ type: 'job.status', from: 'running', to: 'integrating' }, { status: 'integrating' });
    expect(await now(waiting)).toBe('still waiting');
    bench.happen(happening, part);
    expect(await now(waiting)).toBe('answered');
  }
});

test('the time ends the wait, with the job as it is then', async () => {
  const bench = new Bench();
  const waiting = bench.wait();
  await settled();
  bench.happen(done);
  await bench.clock.advance(999);
  expect(await now(waiting)).toBe('still waiting');
  await bench.clock.advance(1);
  expect(await waiting).toBe(bench.state);
});

test('a cancelled wait ends at once', async () => {
  const bench = new Bench();
  const waiting = bench.wait();
  await settled();
  bench.abort.abort(new Error('the client went away'));
  expect(await now(waiting)).toBe('answered');
  const late = new Bench();
  late.abort.abort();
  expect(await now(late.wait())).toBe('answered');
});

test('however a wait ends, it leaves no listener and no timer behind', async () => {
  for (const end of ['end', 'time', 'cancel', 'fault'] as const) {
    const bench = new Bench();
    const waiting = bench.wait().catch(() => 'fault');
    await settled();
    if (end === 'fault') bench.view = () => Promise.reject(new Error('the store is gone'));
    if (end === 'time') await bench.clock.advance(1000);
    else if (end === 'cancel') bench.abort.abort();
    else bench.happen(succeeded, { status: 'succeeded' });
    await waiting;
    await settled();
    expect([end, bench.bus.listeners, bench.clock.sleeping]).toEqual([end, 0, 0]);
  }
});

test('events are told in their order, each with a view that is at least as new and never goes back', async () => {
  const bench = new Bench();
  let looks = 0;
  // Looks take longer and shorter, as a store's do.
  bench.view = async () => {
    for (let turn = looks++ % 3; turn > 0; turn--) await settled();
    return bench.state;
  };
  const waiting = bench.wait();
  for (let at = 0; at < 12; at++) {
    bench.happen(small);
    if (at % 4 === 0) await settled();
  }
  bench.happen(succeeded, { status: 'succeeded' });
  const outcome = await waiting;
  expect(bench.told.map(({ seq }) => seq)).toEqual(Array.from({ length: 13 }, (_, at) => at + 1));
  bench.told.forEach(({ seq, viewSeq }, at) => {
    expect(viewSeq).toBeGreaterThanOrEqual(seq);
    expect(viewSeq).toBeGreaterThanOrEqual(bench.told[at - 1]?.viewSeq ?? 0);
  });
  expect(outcome.seq).toBe(13);
});

test('a listener that fails does not end the wait', async () => {
  const bench = new Bench();
  const heard: number[] = [];
  const waiting = bench.wait({
    onEvent: ({ seq }) => {
      heard.push(seq);
      throw new Error('the client is gone');
    },
  });
  bench.happen(small);
  bench.happen(succeeded, { status: 'succeeded' });
  expect(await waiting).toMatchObject({ seq: 2 });
  expect(heard).toEqual([1, 2]);
});

test('once the wait has answered nothing more is told: progress after an answer breaks the protocol', async () => {
  const bench = new Bench();
  const last = Promise.withResolvers<void>();
  let looks = 0;
  bench.view = async () => {
    const at = ++looks;
    // The third look is the one for the answer; something happens while it is made.
    if (at === 3) bench.happen(small);
    if (at > 3) await last.promise;
    return bench.state;
  };
  const waiting = bench.wait();
  await settled();
  bench.happen(succeeded, { status: 'succeeded' });
  await waiting;
  const before = bench.told.length;
  last.resolve();
  await settled();
  expect(bench.told.length).toBe(before);
});

test('a wait ends when a person is asked about a call, and at once where one is asked already', async () => {
  const bench = new Bench();
  const asked: Happening = {
    type: 'approval.requested',
    taskId: taskId('a'),
    attempt: 1,
    approvalId: APPROVAL.id,
    tool: 'Bash',
    risk: 'HIGH',
    reason: 'it deletes files',
    again: false,
  };
  const waiting = bench.wait();
  expect(await now(waiting)).toBe('still waiting');
  bench.state = { ...bench.state, approvals: [APPROVAL] };
  bench.happen(asked);
  expect(await waiting).toMatchObject({ approvals: [{ id: APPROVAL.id }] });
  expect(await bench.wait()).toMatchObject({ approvals: [{ id: APPROVAL.id }] });
  const { approvals: _, ...decided } = bench.state;
  bench.state = decided;
  const more = bench.wait();
  expect(await now(more)).toBe('still waiting');
  bench.abort.abort();
  await more;
});
