import { type Approval, moveApproval } from '../../../domain/approval.ts';
import type { ApprovalBoard } from '../board/board.ts';
import { changed } from '../board/changed.ts';
import type { LiveApproval } from '../board/liveApproval.ts';

/** What befalls approvals without anybody deciding. Each is begun at once, so callers may look right after. */
export class ApprovalMoves {
  readonly #board: ApprovalBoard;

  constructor(board: ApprovalBoard) {
    this.#board = board;
  }

  cancel(live: LiveApproval, reason: string): Promise<Approval> {
    return this.#end(live, 'cancel', reason);
  }

  /** Its call is not what it was when somebody was asked. */
  outdate(live: LiveApproval): Promise<Approval> {
    return this.cancel(live, 'what was approved has changed');
  }

  expire(live: LiveApproval): Promise<Approval> {
    return this.#end(live, 'expire', 'nobody decided in time');
  }

  /** The process that waited is gone; a person is asked still. */
  supersede(live: LiveApproval): Promise<Approval> {
    return this.#end(live, 'supersede', 'the call that waited is gone');
  }

  /** One run of what was approved, or the telling of a denial. */
  use(live: LiveApproval): Promise<Approval> {
    return this.#board.change(
      live,
      (now) => {
        const usesLeft = Math.max(0, now.usesLeft - 1);
        return { ...now, usesLeft, status: usesLeft > 0 ? now.status : moveApproval(now.status, 'use_up') };
      },
      (now) => ({
        audit: {
          type: 'approval.used',
          actor: 'server',
          detail: {
            digest: now.digest,
            decision: now.decisions.at(-1)?.decision ?? 'deny',
            uses_left: now.usesLeft,
          },
        },
        happening: changed(now),
      }),
    );
  }

  #end(live: LiveApproval, move: 'cancel' | 'expire' | 'supersede', reason: string): Promise<Approval> {
    return this.#board.change(
      live,
      (now) => ({ ...now, status: moveApproval(now.status, move) }),
      (now) => ({
        audit: { type: AUDITED[move], actor: 'server', detail: { digest: now.digest, reason } },
        happening: changed(now, reason),
      }),
    );
  }
}

const AUDITED = {
  cancel: 'approval.cancelled',
  expire: 'approval.expired',
  supersede: 'approval.superseded',
} as const;
