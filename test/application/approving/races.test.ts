import { expect, test } from 'vitest';
import { APPROVAL_MOVES, type Approval, OPEN_APPROVAL } from '../../../src/domain/approval.ts';
import { ConflictError } from '../../../src/domain/errors/index.ts';
import { principalIdSchema } from '../../../src/domain/principal.ts';
import { taskId } from '../../support/specs.ts';
import { settled } from '../memory.ts';
import { APPROVE, BLIND, DENY, EXPIRY_MS, HOLD_MS, openDesk, WHO } from './deskHarness.ts';

const ROUNDS = 500;
const DECIDERS = 64;

const turns = async (count: number): Promise<void> => {
  for (let at = 0; at < count; at++) await Promise.resolve();
};

const approver = (number: number) =>
  ({
    principal: { id: principalIdSchema.parse(`key:racer-${number}`), roles: ['approver'] },
    via: undefined,
  }) as const;

test('of 64 that approve, deny, cancel and expire at once one wins, in each of 500 rounds, and a call runs at most once', async () => {
  const { desk, ask, call, clock, store, audit, tripped } = await openDesk({ inspector: BLIND });
  const seen = { approved: 0, denied: 0, cancelled: 0, expired: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const { approval, ruling } = await ask(call(`rm ${round}`));
    // Who comes first, and how far the others have come then, differs from round to round.
    const timeAt = round % 4 === 0 ? (round * 7) % DECIDERS : DECIDERS;
    const cancelAt = (round * 13) % DECIDERS;
    const head = (round % 12) * 5;
    const racers = Array.from({ length: DECIDERS }, async (_, at): Promise<Approval | undefined> => {
      if (at === timeAt) {
        await turns(head / 2);
        clock.jump(EXPIRY_MS);
      }
      if (at === cancelAt) {
        await turns(head);
        await desk.cancel(approval.jobId, taskId('a'), 'the race');
        return undefined;
      }
      const input = at % 2 === round % 2 ? APPROVE : DENY;
      // A denial needs less proof and would be first each time.
      if (input === DENY) await turns((round % 3) * 4);
      return desk.decide(approver(at), approval.id, input);
    });
    const outcomes = await Promise.allSettled(racers);
    const winners = outcomes.flatMap((each) =>
      each.status === 'fulfilled' && each.value !== undefined ? [each.value] : [],
    );
    for (const each of outcomes)
      if (each.status === 'rejected') expect(each.reason).toBeInstanceOf(ConflictError);
    const { kind } = await ruling;
    const stored = await store.approval(approval.id);
    const decisions = stored?.decisions ?? [];
    expect(decisions).toHaveLength(winners.length);
    expect(winners.length).toBeLessThanOrEqual(1);
    if (winners.length === 1) {
      const decision = decisions[0]?.decision;
      expect(kind).toBe(decision === 'approve' && stored?.status === 'used' ? 'allow' : 'deny');
      expect(decisions[0]?.by).toBe(winners[0]?.decisions[0]?.by);
      seen[decision === 'approve' ? 'approved' : 'denied']++;
    } else {
      expect(['cancelled', 'expired']).toContain(stored?.status);
      expect(kind).toBe('deny');
      seen[stored?.status === 'expired' ? 'expired' : 'cancelled']++;
    }
    await settled();
  }
  // A race in which one side always wins shows nothing.
  for (const [how, count] of Object.entries(seen)) expect(count, how).toBeGreaterThan(10);
  expect(tripped.length).toBeGreaterThan(0);
  expect(await audit()).not.toEqual([]);
}, 60_000);

test('two processes that believe to own the same request cannot both decide it: the store lets one through', async () => {
  const one = await openDesk({ inspector: BLIND });
  const { approval, ruling } = await one.ask(one.call('rm x'));
  await one.clock.advance(HOLD_MS);
  await ruling;
  // The second opens the same database, as no server would: a state directory has one owner.
  const two = await openDesk({ folder: one.folder, clock: one.clock, inspector: BLIND });
  const outcomes = [];
  for (const [desk, who] of [
    [two.desk, WHO.ann],
    [one.desk, WHO.bob],
  ] as const)
    outcomes.push(await desk.decide(who, approval.id, APPROVE).catch((thrown: unknown) => thrown));
  expect(outcomes[0]).toMatchObject({ status: 'approved' });
  expect(outcomes[1]).toBeInstanceOf(ConflictError);
  expect(outcomes[1]).toHaveProperty(
    'message',
    `Approval ${approval.id} is approved by key:ann (key) already.`,
  );
  expect((await one.stored(approval.id))?.decisions).toHaveLength(1);
});

test('an open approval can be approved, denied, cancelled or expire; one that is closed moves no more', () => {
  for (const [status, moves] of Object.entries(APPROVAL_MOVES)) {
    const isOpen = [...OPEN_APPROVAL].some((open) => open === status);
    expect(Object.hasOwn(moves, 'approve') && Object.hasOwn(moves, 'deny'), status).toBe(isOpen);
  }
  for (const closed of ['used', 'expired', 'cancelled'] as const)
    expect(Object.keys(APPROVAL_MOVES[closed])).toEqual([]);
});
