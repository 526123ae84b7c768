import { type Approval, OPEN_APPROVAL } from '../../../domain/approval.ts';
import type { ApprovalId } from '../../../domain/ids.ts';
import { may, maySee, type Principal } from '../../../domain/principal.ts';
import type { Store } from '../../ports/store.ts';
import type { Clock } from '../../ports/system.ts';
import type { ApprovalQuery, Approvals } from '../approvals.ts';
import { supersededBy } from '../asking/supersededBy.ts';
import type { ApprovalBoard } from '../board/board.ts';
import type { LiveApproval } from '../board/liveApproval.ts';
import type { ApprovalMoves } from '../ending/moves.ts';
import { decidedAlready, noSuchApproval } from './refusals.ts';

export type LookupDeps = {
  readonly store: Pick<Store, 'approval' | 'approvals'>;
  readonly board: ApprovalBoard;
  readonly moves: ApprovalMoves;
  readonly clock: Clock;
};

/** The approvals as whoever asks may see them: those of others' jobs are not there. */
export class ApprovalLookup {
  readonly #deps: LookupDeps;

  constructor(deps: LookupDeps) {
    this.#deps = deps;
  }

  list(who: Principal, query: ApprovalQuery): ReturnType<Approvals['list']> {
    return this.#deps.store.approvals(may(who, 'read_all') ? query : { ...query, owner: who.id });
  }

  /** @throws NotFoundError */
  async get(who: Principal, id: ApprovalId): Promise<Approval> {
    const { board, store } = this.#deps;
    const approval = board.get(id)?.now ?? (await store.approval(id));
    if (approval === undefined || !maySee(who, approval.requestedBy)) throw noSuchApproval(id);
    return approval;
  }

  /**
   * One that can still be decided.
   * @param onLate hears, before it is thrown, why it cannot be. @throws NotFoundError, ConflictError
   */
  async openFor(
    who: Principal,
    id: ApprovalId,
    onLate: (approval: Approval, thrown: unknown) => Promise<void> = async () => undefined,
  ): Promise<LiveApproval> {
    const { board, moves, clock } = this.#deps;
    const known = await this.get(who, id);
    const live = board.get(id);
    const isOpen = live !== undefined && OPEN_APPROVAL.has(live.now.status);
    if (isOpen && live.now.expiresAt > clock.now()) return live;
    const late = isOpen ? await moves.expire(live) : (live?.now ?? known);
    const thrown = decidedAlready(late, supersededBy(late, board.openOf(late.jobId)));
    await onLate(late, thrown);
    throw thrown;
  }
}
