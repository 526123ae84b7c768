import { expect, test } from 'vitest';
import { AuthenticationError } from '../../../src/domain/errors/index.ts';
import { taskId } from '../../support/specs.ts';
import { APPROVE, BLIND, DENY, EXPIRY_MS, HOLD_MS, type OpenDesk, openDesk, WHO } from './deskHarness.ts';

const again = async ({ close, folder, clock }: OpenDesk): Promise<OpenDesk> => {
  await close();
  return openDesk({ folder, clock, inspector: BLIND });
};
const signal = new AbortController().signal;

test('a restart keeps what is asked, without a process that waits, and decides nothing by itself', async () => {
  const before = await openDesk({ inspector: BLIND });
  const { approval } = await before.ask(before.call('rm x'));
  const after = await again(before);
  expect(await after.stored(approval.id)).toMatchObject({ status: 'superseded', decisions: [] });
  expect(after.desk.open(approval.jobId)).toMatchObject([{ id: approval.id }]);
  await after.desk.decide(WHO.person, approval.id, APPROVE);
  expect((await after.desk.ask(after.call('rm x'), HOLD_MS, signal)).kind).toBe('allow');
  expect(await after.stored(approval.id)).toMatchObject({ status: 'used' });
});

test('decisions that were not used yet outlive a restart: each is used once, by the very same call', async () => {
  const before = await openDesk({ inspector: BLIND });
  const yes = await before.ask(before.call('rm yes'));
  const no = await before.ask(before.call('rm no'));
  await before.clock.advance(HOLD_MS);
  await Promise.all([yes.ruling, no.ruling]);
  await before.desk.decide(WHO.person, yes.approval.id, APPROVE);
  await before.desk.decide(WHO.person, no.approval.id, DENY);
  const after = await again(before);
  const rule = async (command: string) => (await after.desk.ask(after.call(command), HOLD_MS, signal)).kind;
  expect([await rule('rm yes'), await rule('rm no')]).toEqual(['allow', 'deny']);
  for (const command of ['rm yes', 'rm no'])
    expect((await after.ask(after.call(command))).approval.decisions).toEqual([]);
});

test('a restart voids the codes that were shown', async () => {
  const before = await openDesk({ inspector: BLIND });
  const { approval } = await before.ask(before.call('rm x'));
  const { code } = await before.desk.showCode(WHO.person, approval.id);
  const after = await again(before);
  await expect(after.desk.decide(WHO.agent, approval.id, { ...APPROVE, code })).rejects.toBeInstanceOf(
    AuthenticationError,
  );
});

test('what became overdue while no server ran is expired at the next start', async () => {
  const before = await openDesk({ inspector: BLIND });
  const { approval } = await before.ask(before.call('rm x'));
  await before.close();
  before.clock.jump(EXPIRY_MS);
  const after = await openDesk({ folder: before.folder, clock: before.clock, inspector: BLIND });
  await expect(after.desk.decide(WHO.person, approval.id, APPROVE)).rejects.toThrow('expired already');
});

test('what a job asked that ended meanwhile is cancelled at the next start', async () => {
  const before = await openDesk({ inspector: BLIND });
  const { approval } = await before.ask(before.call('rm x'));
  before.desk.close();
  await before.journals.get(approval.jobId)?.record({ job: { move: 'cancel' }, happenings: [] });
  const after = await again(before);
  expect(await after.stored(approval.id)).toMatchObject({ status: 'cancelled' });
});

test('denials before a restart count on', async () => {
  const before = await openDesk({ inspector: BLIND });
  for (const command of ['rm 1', 'rm 2']) {
    const { approval, ruling } = await before.ask(before.call(command));
    await before.desk.decide(WHO.person, approval.id, DENY);
    await ruling;
  }
  const after = await again(before);
  const { approval } = await after.ask(after.call('rm 3', { taskId: taskId('b') }));
  await after.desk.decide(WHO.person, approval.id, DENY);
  expect(after.tripped).toEqual([approval.jobId]);
});
