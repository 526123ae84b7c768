import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Ruling } from '../../../src/application/approving/ports.ts';
import type { Approval } from '../../../src/domain/approval.ts';
import { OrchestratorError } from '../../../src/domain/errors/index.ts';
import { taskId } from '../../support/specs.ts';
import { ManualClock, settled } from '../memory.ts';
import { APPROVE, BLIND, DENY, EXPIRY_MS, folderOfTest, HOLD_MS, openDesk, WHO } from './deskHarness.ts';

const COMMANDS = ['rm x', 'rm y'];
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('ask' as const), which: fc.nat(1) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('approve' as const, 'deny' as const), which: fc.nat(1) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('hold' as const, 'supersede' as const, 'cancel' as const) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('expire' as const, 'restart' as const) }) },
);

/** What the rules say of one command: is a person asked, and what was decided and not used yet. */
type Model = { state: 'none' | 'open' | 'approved' | 'denied'; waits: boolean };

test('whatever comes in whatever order, a call runs only on an approval of its own that was not used, and a restart forgets nothing', async () => {
  const folder = folderOfTest();
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
      const clock = new ManualClock();
      const state = join(folder, `${run++}`);
      let desk = await openDesk({ folder: state, clock, inspector: BLIND });
      const models: Model[] = COMMANDS.map(() => ({ state: 'none', waits: false }));
      const rulings = new Map<number, Promise<Ruling>>();
      const stop = new AbortController();
      let allowed = 0;
      let approvals = 0;

      const openOf = (which: number): Approval | undefined =>
        desk.desk.open(desk.call('').jobId).find(({ call }) => call.input.command === COMMANDS[which]);

      const ask = async (which: number): Promise<void> => {
        const model = models[which];
        if (model === undefined || model.waits) return;
        const command = COMMANDS[which] ?? '';
        if (model.state === 'approved' || model.state === 'denied') {
          const { kind } = await desk.desk.ask(desk.call(command), HOLD_MS, stop.signal);
          expect(kind).toBe(model.state === 'approved' ? 'allow' : 'deny');
          if (kind === 'allow') allowed++;
          model.state = 'none';
          return;
        }
        const { ruling } = await desk.ask(desk.call(command), stop.signal);
        rulings.set(which, ruling);
        model.state = 'open';
        model.waits = true;
      };
      const decide = async (which: number, how: 'approve' | 'deny'): Promise<void> => {
        const model = models[which];
        const open = openOf(which);
        expect(open !== undefined).toBe(model?.state === 'open');
        if (model === undefined || open === undefined) return;
        await desk.desk.decide(WHO.person, open.id, how === 'approve' ? APPROVE : DENY);
        if (how === 'approve') approvals++;
        if (!model.waits) {
          model.state = how === 'approve' ? 'approved' : 'denied';
          return;
        }
        expect((await rulings.get(which))?.kind).toBe(how === 'approve' ? 'allow' : 'deny');
        if (how === 'approve') allowed++;
        models[which] = { state: 'none', waits: false };
      };
      /** Each that waits is told this. */
      const release = async (kind: Ruling['kind'], next: (model: Model) => Model['state']): Promise<void> => {
        for (const [which, model] of models.entries()) {
          if (model.waits) expect((await rulings.get(which))?.kind).toBe(kind);
          models[which] = { state: next(model), waits: false };
        }
      };

      for (const each of steps) {
        if (each.do === 'ask') await ask(each.which);
        else if (each.do === 'approve' || each.do === 'deny') await decide(each.which, each.do);
        else if (each.do === 'hold') {
          await clock.advance(HOLD_MS);
          await release('undecided', ({ state }) => state);
        } else if (each.do === 'supersede') {
          await desk.desk.supersede(desk.call('').jobId, taskId('a'));
          for (const which of COMMANDS.keys())
            if (models[which]?.state === 'open') expect(openOf(which)?.status).toBe('superseded');
        } else if (each.do === 'cancel') {
          await desk.desk.cancel(desk.call('').jobId, taskId('a'), 'enough');
          await release('deny', () => 'none');
        } else if (each.do === 'expire') {
          clock.jump(EXPIRY_MS + 1);
          await clock.advance(900_000);
          // Held calls and deadlines wake in the same moment: either word is right, and neither runs anything.
          for (const [which, model] of models.entries()) {
            if (model.waits) expect(['deny', 'undecided']).toContain((await rulings.get(which))?.kind);
            models[which] = { state: model.state === 'denied' ? 'denied' : 'none', waits: false };
          }
          await settled();
        } else {
          await clock.advance(HOLD_MS);
          await release('undecided', ({ state }) => state);
          await desk.close();
          desk = await openDesk({ folder: state, clock, inspector: BLIND });
        }
      }
      expect(allowed).toBeLessThanOrEqual(approvals);
      for (const [which, model] of models.entries())
        expect(openOf(which) !== undefined).toBe(model.state === 'open');
      const { approvals: all } = await desk.store.approvals({ limit: 1_000 });
      for (const approval of all) {
        expect(approval.decisions.length).toBeLessThanOrEqual(1);
        expect(approval.usesLeft).toBe(approval.status === 'approved' ? 1 : approval.usesLeft);
        if (approval.status === 'used') expect(approval.usesLeft).toBe(0);
      }
      expect(
        all.filter(({ status, decisions }) => status === 'used' && decisions[0]?.decision === 'approve'),
      ).toHaveLength(allowed);
      expect(desk.faults).toEqual([]);
      await desk.close();
    }),
    { numRuns: 60, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: false },
  );
}, 60_000);

test('what the desk throws is always one of ours', async () => {
  const { desk, call } = await openDesk({ inspector: BLIND });
  const late = desk.ask(call('rm x'), HOLD_MS, AbortSignal.abort(new Error('stopped')));
  await expect(late).rejects.toThrow('stopped');
  const unknown = desk.decide(WHO.person, (await openApproval()).id, APPROVE);
  await expect(unknown).rejects.toBeInstanceOf(OrchestratorError);
});

/** Of another desk. */
const openApproval = async (): Promise<Approval> => {
  const { ask, call } = await openDesk({ inspector: BLIND });
  return (await ask(call('rm x'))).approval;
};
