import { expect, test } from 'vitest';
import {
  ConflictError,
  ForbiddenError,
  NotFoundError,
  TaskValidationError,
} from '../../../src/domain/errors/index.ts';
import { taskId } from '../../support/specs.ts';
import { jobId, settled } from '../memory.ts';
import {
  APPROVE,
  BLIND,
  DENY,
  EXPIRY_MS,
  HOLD_MS,
  messageOf,
  openDesk,
  verdict,
  WHO,
} from './deskHarness.ts';

test('a call waits until a person approves it, and then runs with exactly the bytes that were approved', async () => {
  const { desk, ask, call, stored, happenings, auditTypes } = await openDesk();
  const { ruling, approval } = await ask(call('rm -rf build'));
  expect(approval).toMatchObject({ status: 'pending', risk: 'HIGH', requestedBy: 'local-agent', asked: 1 });
  expect(approval.goal).toContain('do a');
  await desk.decide(WHO.person, approval.id, { ...APPROVE, reason: 'fine' });
  expect(await ruling).toEqual({ kind: 'allow', input: { command: 'rm -rf build' } });
  expect(await stored(approval.id)).toMatchObject({
    status: 'used',
    usesLeft: 0,
    decisions: [{ decision: 'approve', by: 'person', channel: 'passphrase', reason: 'fine' }],
  });
  expect(happenings().flatMap((each) => (each.type === 'approval.changed' ? [each.status] : []))).toEqual([
    'approved',
    'used',
  ]);
  expect((await auditTypes()).slice(-3)).toEqual([
    'approval.requested',
    'approval.approved',
    'approval.used',
  ]);
});

test('a denied call hears why, the denial is used up, and the same call asks a person again', async () => {
  const { desk, ask, call, stored } = await openDesk();
  const first = await ask(call('rm -rf build'));
  await desk.decide(WHO.agent, first.approval.id, { ...DENY, reason: 'keep the build' });
  const message = messageOf(await first.ruling);
  expect(message).toContain('keep the build');
  expect(message).toContain('Go on with the task without it');
  expect(await stored(first.approval.id)).toMatchObject({ status: 'used' });
  const second = await ask(call('rm -rf build'));
  expect(second.approval.id).not.toBe(first.approval.id);
});

test('who decides too late hears who was first, and nothing changes', async () => {
  const { desk, ask, call, stored, audit } = await openDesk();
  const { approval, ruling } = await ask(call('rm x'));
  await desk.decide(WHO.ann, approval.id, DENY);
  await ruling;
  for (const input of [APPROVE, DENY]) {
    const late = desk.decide(WHO.person, approval.id, input);
    await expect(late).rejects.toBeInstanceOf(ConflictError);
    await expect(late).rejects.toThrow('denied by key:ann (key)');
  }
  expect((await stored(approval.id))?.decisions).toHaveLength(1);
  expect((await audit()).filter(({ type }) => type === 'approval.refused')).toHaveLength(2);
});

test('equal calls of a job are one request, each further one is counted, and one approval runs one of them', async () => {
  const { desk, ask, call, nextRequest } = await openDesk();
  const first = await ask(call('rm x'));
  const second = await ask(call('rm x'));
  expect(second.approval.id).toBe(first.approval.id);
  expect(second.approval.asked).toBe(2);
  const next = nextRequest();
  await desk.decide(WHO.person, first.approval.id, APPROVE);
  const ran = await Promise.race([first.ruling, second.ruling]);
  expect(ran.kind).toBe('allow');
  await next;
  const [again] = desk.open(first.approval.jobId);
  expect(again?.id).not.toBe(first.approval.id);
  await desk.decide(WHO.person, again?.id ?? first.approval.id, DENY);
  expect((await Promise.all([first.ruling, second.ruling])).map(({ kind }) => kind).sort()).toEqual([
    'allow',
    'deny',
  ]);
});

test('one denial is told to all equal calls that waited for it', async () => {
  const { desk, ask, call } = await openDesk();
  const first = await ask(call('rm x'));
  const second = await ask(call('rm x'));
  await desk.decide(WHO.person, first.approval.id, DENY);
  expect((await Promise.all([first.ruling, second.ruling])).map(({ kind }) => kind)).toEqual([
    'deny',
    'deny',
  ]);
  expect(desk.open(first.approval.jobId)).toEqual([]);
});

test('a call that nobody decides in the time it may hold is undecided, and the same call waits on without a new request', async () => {
  const { desk, ask, call, clock, happenings } = await openDesk();
  const waiting = call('rm x');
  const { ruling, approval } = await ask(waiting);
  await clock.advance(HOLD_MS);
  expect(await ruling).toMatchObject({ kind: 'undecided', approval: { id: approval.id, status: 'pending' } });
  const more = desk.ask(waiting, HOLD_MS, new AbortController().signal);
  await desk.decide(WHO.person, approval.id, APPROVE);
  expect((await more).kind).toBe('allow');
  expect(happenings().filter(({ type }) => type === 'approval.requested')).toHaveLength(1);
});

test('what was decided while nobody waited is used by the next equal call, once', async () => {
  const { desk, ask, call, clock, stored } = await openDesk();
  const { ruling, approval } = await ask(call('rm x'));
  await clock.advance(HOLD_MS);
  await ruling;
  await desk.decide(WHO.person, approval.id, APPROVE);
  expect((await desk.ask(call('rm x'), HOLD_MS, new AbortController().signal)).kind).toBe('allow');
  expect(await stored(approval.id)).toMatchObject({ status: 'used' });
  expect((await ask(call('rm x'))).approval.id).not.toBe(approval.id);
});

test('an approval is of one task and one lineage: neither another task nor a new attempt can use it', async () => {
  const { desk, ask, call, clock, stored } = await openDesk();
  const { ruling, approval } = await ask(call('rm x'));
  await clock.advance(HOLD_MS);
  await ruling;
  await desk.decide(WHO.person, approval.id, APPROVE);
  const other = await ask(call('rm x', { taskId: taskId('b') }));
  expect(other.approval.id).not.toBe(approval.id);
  const retried = await ask(call('rm x', { lineage: 2, attempt: 2 }));
  expect(retried.approval.id).not.toBe(approval.id);
  expect(await stored(approval.id)).toMatchObject({ status: 'cancelled' });
});

test('a worker that is stopped leaves its request superseded; its next equal call joins it', async () => {
  const { desk, ask, call, stored } = await openDesk();
  const stop = new AbortController();
  const { ruling, approval } = await ask(call('rm x'), stop.signal);
  stop.abort(new Error('the worker was stopped'));
  await expect(ruling).rejects.toThrow('the worker was stopped');
  expect(await stored(approval.id)).toMatchObject({ status: 'superseded' });
  const again = await ask(call('rm x'));
  expect(again.approval).toMatchObject({ id: approval.id, status: 'pending', asked: 2 });
  await desk.decide(WHO.person, approval.id, APPROVE);
  expect((await again.ruling).kind).toBe('allow');
});

test('the end of a task or job cancels what it asks for, and whoever approves then is refused', async () => {
  const { desk, ask, call, journals, stored, faults } = await openDesk();
  const a = await ask(call('rm x'));
  const b = await ask(call('rm x', { taskId: taskId('b') }));
  const journal = journals.get(a.approval.jobId);
  await journal?.record({
    tasks: [{ id: taskId('a'), move: 'cancel' }],
    happenings: [{ type: 'task.cancelled', taskId: taskId('a'), reason: 'enough' }],
  });
  expect((await a.ruling).kind).toBe('deny');
  await expect(desk.decide(WHO.person, a.approval.id, APPROVE)).rejects.toThrow('cancelled already');
  expect(await stored(b.approval.id)).toMatchObject({ status: 'pending' });
  await journal?.record({ job: { move: 'cancel' }, happenings: [] });
  expect((await b.ruling).kind).toBe('deny');
  await expect(desk.decide(WHO.person, b.approval.id, APPROVE)).rejects.toThrow('cancelled already');
  expect(faults).toEqual([]);
});

test('events of approvals keep the numbers of their job without a gap, beside its own steps', async () => {
  const { ask, call, journals, desk, events, store } = await openDesk();
  const { ruling, approval } = await ask(call('rm x'));
  const journal = journals.get(approval.jobId);
  await Promise.all([
    desk.decide(WHO.person, approval.id, APPROVE),
    journal?.note({ type: 'job.warning', message: 'beside' }),
    ruling,
  ]);
  const numbers = events.map(({ seq }) => seq);
  expect(numbers).toEqual(Array.from(numbers, (_, at) => (numbers[0] ?? 0) + at));
  expect(journal?.view().seq).toBe(await store.lastSeq(approval.jobId));
});

test('no more than 100 calls of a job wait; the 101st is refused in words, other jobs are not', async () => {
  const other = jobId(1);
  const { ask, call, desk, auditTypes } = await openDesk({ inspector: BLIND, jobs: [{}, { id: other }] });
  for (let count = 0; count < 100; count++) await ask(call(`rm ${count}`));
  const refused = await desk.ask(call('rm 100'), HOLD_MS, new AbortController().signal);
  expect(messageOf(refused)).toContain('100 calls of this job wait');
  expect(await auditTypes()).toContain('call.refused');
  const { approval } = await ask(call('rm 100', { jobId: other }));
  expect(approval.jobId).toBe(other);
  const [first] = desk.open(call('').jobId);
  await desk.decide(WHO.person, first?.id ?? approval.id, DENY);
  expect((await ask(call('rm 101'))).approval.status).toBe('pending');
});

test('an approval is good for so many runs of exactly the same call', async () => {
  const { desk, ask, call, stored } = await openDesk();
  const { ruling, approval } = await ask(call('rm x'));
  await desk.decide(WHO.person, approval.id, { ...APPROVE, uses: 3 });
  const signal = new AbortController().signal;
  const more = [await desk.ask(call('rm x'), HOLD_MS, signal), await desk.ask(call('rm x'), HOLD_MS, signal)];
  expect([(await ruling).kind, ...more.map(({ kind }) => kind)]).toEqual(['allow', 'allow', 'allow']);
  expect(await stored(approval.id)).toMatchObject({ status: 'used', usesLeft: 0 });
  expect((await ask(call('rm x'))).approval.id).not.toBe(approval.id);
});

test('an approval for an hour is good in that hour for exactly this call, and not a moment longer', async () => {
  const { desk, ask, call, clock, stored } = await openDesk();
  const { ruling, approval } = await ask(call('rm x'));
  await desk.decide(WHO.person, approval.id, { ...APPROVE, validSeconds: 3600 });
  await ruling;
  const signal = new AbortController().signal;
  await clock.advance(3_599_000);
  expect((await desk.ask(call('rm x'), HOLD_MS, signal)).kind).toBe('allow');
  expect((await ask(call('rm y'))).approval.id).not.toBe(approval.id);
  await clock.advance(1_000);
  await settled();
  expect(await stored(approval.id)).toMatchObject({ status: 'expired' });
  expect((await ask(call('rm x'))).approval.id).not.toBe(approval.id);
});

test('an approval by time alone is good for more runs than any number beside the time, which bounds it', async () => {
  const { desk, ask, call, stored } = await openDesk();
  const run = async (command: string): Promise<string> =>
    (await desk.ask(call(command), HOLD_MS, new AbortController().signal)).kind;
  const most = 100;
  for (const [command, grant] of [
    ['rm timed', { validSeconds: 3600 }],
    ['rm both', { validSeconds: 3600, uses: most }],
  ] as const) {
    const { ruling, approval } = await ask(call(command));
    await desk.decide(WHO.person, approval.id, { ...APPROVE, ...grant });
    const kinds: string[] = [(await ruling).kind];
    for (let n = 1; n < most; n += 1) kinds.push(await run(command));
    expect(kinds).toEqual(Array.from({ length: most }, () => 'allow'));
    const after = await stored(approval.id);
    expect(after?.status).toBe('uses' in grant ? 'used' : 'approved');
    if (!('uses' in grant)) expect(await run(command)).toBe('allow');
    else expect((await ask(call(command))).approval.id).not.toBe(approval.id);
  }
});

test('grants beyond the limits are refused, and a CRITICAL call gets none', async () => {
  const { desk, ask, call } = await openDesk();
  const { approval } = await ask(call('rm x'));
  for (const part of [{ uses: 0 }, { uses: 101 }, { uses: 1.5 }, { validSeconds: 0 }, { validSeconds: 3601 }])
    await expect(desk.decide(WHO.person, approval.id, { ...APPROVE, ...part })).rejects.toBeInstanceOf(
      TaskValidationError,
    );
  const critical = await ask(call('rm y', { verdict: verdict({ risk: 'CRITICAL', approversNeeded: 2 }) }));
  for (const part of [{ uses: 2 }, { validSeconds: 60 }])
    await expect(
      desk.decide(WHO.person, critical.approval.id, { ...APPROVE, ...part }),
    ).rejects.toBeInstanceOf(ForbiddenError);
  expect(desk.open(approval.jobId)).toHaveLength(2);
});

test('what nobody decides expires at its time: the call is denied, the decision comes too late', async () => {
  const { desk, ask, call, clock, stored, auditTypes } = await openDesk();
  const signal = new AbortController().signal;
  const { approval } = await ask(call('rm x'));
  const long = desk.ask(call('rm x'), EXPIRY_MS * 2, signal);
  await expect.poll(async () => (await stored(approval.id))?.asked).toBe(2);
  for (let passed = 0; passed < EXPIRY_MS - 1_000; passed += 900_000)
    await clock.advance(Math.min(900_000, EXPIRY_MS - 1_000 - passed));
  expect(await stored(approval.id)).toMatchObject({ status: 'pending' });
  await clock.advance(1_000);
  expect(messageOf(await long)).toContain('Nobody decided');
  expect(await stored(approval.id)).toMatchObject({ status: 'expired' });
  await expect(desk.decide(WHO.person, approval.id, APPROVE)).rejects.toThrow('expired already');
  expect(await auditTypes()).toContain('approval.expired');
});

test('a decision that meets an overdue request finds it expired, even before any timer woke', async () => {
  const { desk, ask, call, clock, stored } = await openDesk();
  const { approval } = await ask(call('rm x'));
  clock.jump(EXPIRY_MS);
  await expect(desk.decide(WHO.person, approval.id, APPROVE)).rejects.toThrow('expired already');
  expect(await stored(approval.id)).toMatchObject({ status: 'expired' });
});

test('a clock that is set back lets nothing expire early', async () => {
  const { desk, ask, call, clock, stored } = await openDesk();
  await clock.advance(EXPIRY_MS * 3);
  const { approval } = await ask(call('rm x'));
  clock.jump(-EXPIRY_MS);
  await clock.advance(EXPIRY_MS);
  await settled();
  expect(await stored(approval.id)).toMatchObject({ status: 'pending' });
  await desk.decide(WHO.person, approval.id, APPROVE);
});

test('an approval of a job that one may not see is like one that does not exist', async () => {
  const { desk, ask, call } = await openDesk();
  const { approval } = await ask(call('rm x'));
  const unknown = desk.get(WHO.stranger.principal, approval.id).catch((thrown: unknown) => thrown);
  const hidden = await unknown;
  expect(hidden).toBeInstanceOf(NotFoundError);
  expect(hidden).toHaveProperty('message', `There is no approval ${approval.id}.`);
  for (const input of [APPROVE, DENY])
    await expect(desk.decide(WHO.stranger, approval.id, input)).rejects.toBeInstanceOf(NotFoundError);
  expect((await desk.list(WHO.stranger.principal, { limit: 10 })).approvals).toEqual([]);
  expect((await desk.list(WHO.viewer.principal, { limit: 10 })).approvals).toHaveLength(1);
});

test('three denials in a row or twenty in all stop the job, and it starts to count anew then', async () => {
  const { desk, ask, call, tripped } = await openDesk({ inspector: BLIND });
  const decide = async (count: number, input: typeof APPROVE | typeof DENY): Promise<void> => {
    for (let at = 0; at < count; at++) {
      const { approval, ruling } = await ask(call(`rm ${Math.random()}`));
      await desk.decide(WHO.person, approval.id, input);
      await ruling;
    }
  };
  await decide(2, DENY);
  await decide(1, APPROVE);
  await decide(2, DENY);
  expect(tripped).toHaveLength(0);
  await decide(1, DENY);
  expect(tripped).toHaveLength(1);
  await decide(2, DENY);
  expect(tripped).toHaveLength(1);
  for (let at = 0; at < 8; at++) {
    await decide(1, APPROVE);
    await decide(2, DENY);
  }
  expect(tripped).toHaveLength(1);
  await decide(1, APPROVE);
  await decide(2, DENY);
  expect(tripped).toHaveLength(2);
});

test('the audit log tells what was asked: the tool, the command or the input, and the folder', async () => {
  const { ask, call, audit } = await openDesk({ inspector: BLIND });
  const { approval } = await ask(call('rm x'));
  const { call: bound, waiting } = { call: approval.call, waiting: call('') };
  await ask({
    ...waiting,
    call: { ...waiting.call, tool: 'Write', input: { file_path: '/a', content: 'b' } },
  });
  const asked = (await audit()).filter(({ type }) => type === 'approval.requested');
  expect(asked.map(({ detail }) => detail)).toMatchObject([
    { tool: 'Bash', command: 'rm x', cwd: bound.cwd, digest: approval.digest },
    { tool: 'Write', input: '{"file_path":"/a","content":"b"}', cwd: bound.cwd },
  ]);
});
