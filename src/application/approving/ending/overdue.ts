import { canMoveApproval } from '../../../domain/approval.ts';
import type { Clock } from '../../ports/system.ts';
import type { ApprovalBoard } from '../board/board.ts';
import type { OneTimeCodes } from '../deciding/codes.ts';
import { Deadlines } from './deadlines.ts';
import type { ApprovalMoves } from './moves.ts';

export type OverdueDeps = {
  readonly board: ApprovalBoard;
  readonly moves: ApprovalMoves;
  readonly codes: OneTimeCodes;
  readonly clock: Clock;
  /** Never throws: logs the message where the work fails. */
  readonly inBackground: (message: string, work: Promise<unknown>) => void;
};

/** Expires what nobody decided, or used, in time. */
export class Overdue {
  readonly #deps: OverdueDeps;
  readonly #deadlines: Deadlines;

  constructor(deps: OverdueDeps) {
    this.#deps = deps;
    this.#deadlines = new Deadlines(
      deps.clock,
      () => this.#nearest(),
      () => this.#expire(),
    );
    deps.board.onChange(() => this.#deadlines.look());
  }

  /** Expires what is due already, and waits for the rest. */
  begin(): void {
    this.#expire();
    this.#deadlines.look();
  }

  end(): void {
    this.#deadlines.end();
  }

  #nearest(): number | undefined {
    const deadlines = this.#deps.board
      .all()
      .flatMap(({ now }) => (canMoveApproval(now.status, 'expire') ? [now.expiresAt] : []));
    return deadlines.length === 0 ? undefined : deadlines.reduce((a, b) => Math.min(a, b));
  }

  #expire(): void {
    const { board, moves, codes, clock, inBackground } = this.#deps;
    const now = clock.now();
    for (const live of board.all()) {
      if (live.now.expiresAt > now || !canMoveApproval(live.now.status, 'expire')) continue;
      codes.forget(live.id);
      inBackground('an approval could not expire', moves.expire(live));
    }
  }
}
