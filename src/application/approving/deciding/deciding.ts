import {
  type Approval,
  type ApprovalDecision,
  moveApproval,
  OPEN_APPROVAL,
} from '../../../domain/approval.ts';
import { ConflictError, ForbiddenError, UserDeniedError } from '../../../domain/errors/index.ts';
import type { Clock } from '../../ports/system.ts';
import type { Decider, DecisionInput } from '../approvals.ts';
import type { ApprovalBoard } from '../board/board.ts';
import { changed } from '../board/changed.ts';
import type { LiveApproval } from '../board/liveApproval.ts';
import type { ApprovalRecord } from '../board/record.ts';
import { checkGrant, granted } from './grant.ts';
import { CodesExhausted, type Proof, type ProofDeps, proofOf } from './proofs.ts';
import { decidedAlready } from './refusals.ts';
import { auditRefusedTry } from './refusedTry.ts';

export type DecidingDeps = {
  readonly board: ApprovalBoard;
  readonly record: ApprovalRecord;
  readonly proofs: ProofDeps;
  readonly clock: Clock;
  readonly expiryMs: number;
};

const LONGEST_REASON = 2_000;

/** Left open where a second approver is needed. */
export type Decided = { readonly approval: Approval; readonly decision: ApprovalDecision | undefined };

/** The deciders' side: what is proven is written once, and who comes late hears who was first. */
export class Deciding {
  readonly #deps: DecidingDeps;

  constructor(deps: DecidingDeps) {
    this.#deps = deps;
  }

  /** @throws what `Approvals.decide` throws; each try that was not let through is audited. */
  async decide(live: LiveApproval, who: Decider, input: DecisionInput): Promise<Decided> {
    try {
      checkGrant(live.now, who, input);
      const proof = await proofOf(this.#deps.proofs, who, live.now, input);
      // Proving may have taken time; from here to the change nothing is waited for.
      if (!OPEN_APPROVAL.has(live.now.status)) throw decidedAlready(live.now);
      if (live.now.expiresAt <= this.#deps.clock.now()) throw tooLate(live.now);
      if (proof instanceof CodesExhausted) return await this.#lock(live, proof);
      return await this.#write(live, input, proof);
    } catch (thrown) {
      await auditRefusedTry(this.#deps.record, live.now, who, input, thrown);
      throw thrown;
    }
  }

  /** @throws UserDeniedError where it was the server that denied, for too many wrong codes. */
  answer(approval: Approval, { channel, reason }: ApprovalDecision): Approval {
    if (channel !== 'server') return approval;
    throw new UserDeniedError(`Approval ${approval.id} is denied: ${reason}.`, {
      hint: 'Tell the person: somebody guessed at the code. The call can be asked for anew.',
    });
  }

  async #write(live: LiveApproval, input: DecisionInput, proof: Proof): Promise<Decided> {
    const decision: ApprovalDecision = {
      decision: input.decision,
      by: proof.by,
      channel: proof.channel,
      reason: reasonOf(input, proof),
      at: this.#deps.clock.now(),
    };
    const before = live.now.decisions;
    if (input.decision === 'approve' && before.some(({ by }) => by === proof.by)) throw sameApprover(proof);
    const isLast = input.decision === 'deny' || before.length + 1 >= live.now.approversNeeded;
    const approval = await this.#change(live, decision, isLast ? granted(input, this.#deps) : undefined, {
      ...proof.evidence,
      ...(input.uses === undefined ? {} : { uses: input.uses }),
      ...(input.validSeconds === undefined ? {} : { valid_seconds: input.validSeconds }),
    });
    return { approval, decision: isLast ? decision : undefined };
  }

  /** Whoever guesses at codes has cost the call its chance. */
  async #lock(live: LiveApproval, { carrier }: CodesExhausted): Promise<Decided> {
    const decision: ApprovalDecision = {
      decision: 'deny',
      by: carrier,
      channel: 'server',
      reason: 'five wrong codes were given',
      at: this.#deps.clock.now(),
    };
    return { approval: await this.#change(live, decision, {}, { carrier }), decision };
  }

  async #change(
    live: LiveApproval,
    decision: ApprovalDecision,
    end: Partial<Approval> | undefined,
    evidence: Proof['evidence'],
  ): Promise<Approval> {
    try {
      return await this.#deps.board.change(
        live,
        (now) => ({
          ...now,
          decisions: [...now.decisions, decision],
          ...(end === undefined
            ? {}
            : { ...end, status: moveApproval(now.status, decision.decision), decidedAt: decision.at }),
        }),
        (now) => ({
          audit: {
            type: decision.decision === 'approve' ? 'approval.approved' : 'approval.denied',
            actor: decision.channel === 'server' ? 'server' : decision.by,
            detail: {
              channel: decision.channel,
              digest: now.digest,
              reason: decision.reason,
              ...(now.approversNeeded === 2 ? { approvers: now.decisions.length, needed: 2 } : {}),
              ...evidence,
            },
          },
          happening: changed(now),
        }),
      );
    } catch (thrown) {
      // The store knew of a decision that this process did not.
      if (thrown instanceof ConflictError && !OPEN_APPROVAL.has(live.now.status))
        throw decidedAlready(live.now);
      throw thrown;
    }
  }
}

const reasonOf = ({ reason }: DecisionInput, { note }: Proof): string =>
  [reason, ...(note === undefined ? [] : [`(${note})`])].join(' ').trim().slice(0, LONGEST_REASON);

const sameApprover = ({ by }: Proof): ForbiddenError =>
  new ForbiddenError(`${by} has approved this call already; the second approver must be another.`, {
    hint: 'Have somebody else approve it: a colleague with a key of the role approver.',
  });

const tooLate = ({ id }: Approval): ConflictError =>
  new ConflictError(`Approval ${id} has expired.`, { hint: 'The call can be asked for anew.' });
