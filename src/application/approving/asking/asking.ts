import { type Approval, canMoveApproval, OPEN_APPROVAL } from '../../../domain/approval.ts';
import { DangerousOperationError } from '../../../domain/errors/index.ts';
import type { Store } from '../../ports/store.ts';
import type { ApprovalBoard } from '../board/board.ts';
import type { ApprovalRecord } from '../board/record.ts';
import type { ApprovalMoves } from '../ending/moves.ts';
import type { CallInspector, Ruling, WaitingCall } from '../ports.ts';
import { denyWith, Holding } from './holding.ts';
import { isOutdated } from './outdated.ts';
import { join, type RequestDeps, request } from './request.ts';
import { lookAt, purposeOf, type SeenCall } from './seenCall.ts';
import { deniedMessage, fullMessage, restlessMessage, unhashableMessage } from './workerMessages.ts';

export type AskingDeps = RequestDeps & {
  readonly board: ApprovalBoard;
  readonly record: ApprovalRecord;
  readonly moves: ApprovalMoves;
  readonly store: Pick<Store, 'job' | 'task'>;
  readonly inspector: CallInspector;
};

const MOST_OPEN = 100;
/** Times that a call is looked at before its files count as restless. */
const MOST_ROUNDS = 20;

/** The gate's side: a call comes, and leaves with what a person said about exactly these bytes. */
export class Asking {
  readonly #deps: AskingDeps;
  readonly #holding: Holding;

  constructor(deps: AskingDeps) {
    this.#deps = deps;
    this.#holding = new Holding(deps.moves);
  }

  /** See `AskDesk.ask`. */
  async ask(call: WaitingCall, holdMs: number, signal: AbortSignal): Promise<Ruling> {
    const { clock, record, store, inspector } = this.#deps;
    const over = new AbortController();
    const time = clock.sleep(holdMs, over.signal).then(
      () => 'time' as const,
      () => 'time' as const,
    );
    try {
      const purpose = await purposeOf(call, record.journal(call.jobId), store);
      for (let round = 0; round < MOST_ROUNDS; round++) {
        const seen = await lookAt(inspector, call, signal);
        if (seen instanceof DangerousOperationError) {
          await this.#audit(call, seen.message);
          return denyWith(unhashableMessage(seen.message));
        }
        const ruling = await this.#round(call, { ...seen, ...purpose }, time, signal);
        if (ruling !== undefined) return ruling;
      }
      return denyWith(restlessMessage);
    } finally {
      over.abort();
    }
  }

  /** @returns undefined where the call must be looked at again. */
  async #round(
    call: WaitingCall,
    seen: SeenCall,
    time: Promise<'time'>,
    signal: AbortSignal,
  ): Promise<Ruling | undefined> {
    signal.throwIfAborted();
    const { board, moves } = this.#deps;
    // From here to the change nothing is waited for: of two equal calls one asks and the other joins it.
    const cleared = this.#clear(call, seen);
    const same = board.ofJob(call.jobId).filter(({ now }) => now.digest === seen.digest);
    const decided = same.find(({ now }) => now.status === 'approved' || now.status === 'denied');
    if (decided !== undefined) {
      const used = moves.use(decided);
      await Promise.all([cleared, used]);
      return ruled(await used, seen);
    }
    const open = same.find(({ now }) => OPEN_APPROVAL.has(now.status));
    if (open === undefined && board.openOf(call.jobId).length >= MOST_OPEN) {
      await cleared;
      await this.#audit(call, 'too many calls wait');
      return denyWith(fullMessage(MOST_OPEN));
    }
    const asked = open === undefined ? request(board, this.#deps, call, seen) : join(board, open, call);
    await cleared;
    return this.#holding.wait(await asked, time, signal);
  }

  /** Takes out of the way what is overdue, and what was asked for this call as it was before. */
  async #clear(call: WaitingCall, seen: SeenCall): Promise<void> {
    const { board, moves, clock } = this.#deps;
    const writes: Promise<Approval>[] = [];
    for (const live of board.ofJob(call.jobId)) {
      const { now } = live;
      if (now.expiresAt <= clock.now() && canMoveApproval(now.status, 'expire'))
        writes.push(moves.expire(live));
      else if (isOutdated(now, call, seen)) writes.push(this.#holding.outdate(live));
    }
    await Promise.all(writes);
  }

  /** A call about which nobody can be asked leaves a trace all the same. */
  #audit({ jobId, taskId, call, verdict }: WaitingCall, why: string): Promise<void> {
    const { clock, record } = this.#deps;
    const detail = { tool: call.tool, risk: verdict.risk, why: why.slice(0, 500) };
    const entry = { at: clock.now(), type: 'call.refused', actor: 'server', jobId, taskId, detail } as const;
    return record.note(jobId, [{ kind: 'audit', entry }]);
  }
}

/** What runs is what was looked at just now, whose digest was approved: not what stands in a row beside it. */
const ruled = (approval: Approval, { call }: Pick<SeenCall, 'call'>): Ruling =>
  approval.decisions.at(-1)?.decision === 'approve'
    ? { kind: 'allow', input: call.input }
    : denyWith(deniedMessage(approval));
