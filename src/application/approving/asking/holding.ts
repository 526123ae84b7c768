import type { Approval } from '../../../domain/approval.ts';
import { unlessAborted } from '../../unlessAborted.ts';
import type { LiveApproval } from '../board/liveApproval.ts';
import type { ApprovalMoves } from '../ending/moves.ts';
import type { Ruling } from '../ports.ts';
import { cancelledMessage, deniedMessage, expiredMessage } from './workerMessages.ts';

export const denyWith = (message: string): Ruling => ({ kind: 'deny', message });

/** Holds calls whose approval is open, until it is settled or their time is over. */
export class Holding {
  readonly #moves: ApprovalMoves;
  /** How many calls wait for it. */
  readonly #waiting = new Map<LiveApproval, number>();
  /** Cancelled because the call is another one now: whoever waited asks anew. */
  readonly #outdated = new WeakSet<LiveApproval>();

  constructor(moves: ApprovalMoves) {
    this.#moves = moves;
  }

  /** What this approval was asked for has changed; begun at once. */
  outdate(live: LiveApproval): Promise<Approval> {
    this.#outdated.add(live);
    return this.#moves.outdate(live);
  }

  /**
   * @param time resolves when the call is held no longer.
   * @returns undefined where the call must be looked at again: approved, or another one by now.
   * @throws the signal's reason; the approval is superseded then, unless another call waits for it too.
   */
  async wait(live: LiveApproval, time: Promise<'time'>, signal: AbortSignal): Promise<Ruling | undefined> {
    this.#waiting.set(live, (this.#waiting.get(live) ?? 0) + 1);
    try {
      const settled = await unlessAborted(Promise.race([live.settled, time]), signal);
      if (settled === 'time') return { kind: 'undecided', approval: live.now };
      if (settled.status === 'expired') return denyWith(expiredMessage);
      if (settled.status === 'cancelled')
        return this.#outdated.has(live) ? undefined : denyWith(cancelledMessage);
      if (settled.decisions.at(-1)?.decision !== 'deny') return undefined;
      // Told to all that waited for it; the first of them uses it up.
      if (live.now.status === 'denied') await this.#moves.use(live);
      return denyWith(deniedMessage(settled));
    } catch (thrown) {
      if (signal.aborted && this.#waiting.get(live) === 1 && live.now.status === 'pending')
        // What stopped the worker must not be hidden by a store that is closed already.
        await this.#moves.supersede(live).catch(() => undefined);
      throw thrown;
    } finally {
      const left = (this.#waiting.get(live) ?? 1) - 1;
      if (left > 0) this.#waiting.set(live, left);
      else this.#waiting.delete(live);
    }
  }
}
