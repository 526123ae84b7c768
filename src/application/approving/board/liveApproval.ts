import { type Approval, type ApprovalStatus, OPEN_APPROVAL } from '../../../domain/approval.ts';
import type { ApprovalId } from '../../../domain/ids.ts';

/** Something that can still change, or still be used. */
export type LiveApproval = {
  readonly id: ApprovalId;
  /** As it is now; it may not be durable yet. */
  readonly now: Approval;
  /** Resolves, with the approval as it then is, once it is durable that nobody is asked any more. */
  readonly settled: Promise<Approval>;
};

/** Statuses of which something may still come. */
export const LIVE_STATUSES: readonly ApprovalStatus[] = ['pending', 'superseded', 'approved', 'denied'];
const LIVE: ReadonlySet<ApprovalStatus> = new Set(LIVE_STATUSES);

/** Where the board keeps a live approval. */
export class Slot implements LiveApproval {
  readonly #settled = Promise.withResolvers<Approval>();
  now: Approval;

  constructor(approval: Approval) {
    this.now = approval;
  }

  get id(): ApprovalId {
    return this.now.id;
  }

  get settled(): Promise<Approval> {
    return this.#settled.promise;
  }

  get isLive(): boolean {
    return LIVE.has(this.now.status);
  }

  settle(): void {
    if (!OPEN_APPROVAL.has(this.now.status)) this.#settled.resolve(this.now);
  }
}
