import { type Approval, OPEN_APPROVAL } from '../../../domain/approval.ts';
import type { ApprovalId, JobId } from '../../../domain/ids.ts';
import type { Store } from '../../ports/store.ts';
import { decidedAlready } from '../deciding/refusals.ts';
import { LIVE_STATUSES, type LiveApproval, Slot } from './liveApproval.ts';
import { readAll } from './readAll.ts';
import type { ApprovalRecord, ChangeWords } from './record.ts';

/**
 * The approvals of which something may still come, in memory, and the only way to change one. As with a job's
 * journal, a change is made in memory at once, so that of all that race in a turn one wins, and resolves when it
 * is durable; the store checks the revision once more.
 */
export class ApprovalBoard {
  readonly #slots = new Map<ApprovalId, Slot>();
  readonly #byJob = new Map<JobId, Map<ApprovalId, Slot>>();
  readonly #store: Pick<Store, 'approval' | 'approvals'>;
  readonly #record: ApprovalRecord;
  #onChange: () => void = () => undefined;

  constructor(store: Pick<Store, 'approval' | 'approvals'>, record: ApprovalRecord) {
    this.#store = store;
    this.#record = record;
  }

  /** @param listener hears that deadlines may be others now. */
  onChange(listener: () => void): void {
    this.#onChange = listener;
  }

  get(id: ApprovalId): LiveApproval | undefined {
    return this.#slots.get(id);
  }

  all(): readonly LiveApproval[] {
    return [...this.#slots.values()];
  }

  /** Of one job, oldest first. */
  ofJob(jobId: JobId): readonly LiveApproval[] {
    return [...(this.#byJob.get(jobId)?.values() ?? [])];
  }

  openOf(jobId: JobId): readonly Approval[] {
    return this.ofJob(jobId).flatMap(({ now }) => (OPEN_APPROVAL.has(now.status) ? [now] : []));
  }

  /** Takes up what an earlier process left. */
  async load(): Promise<void> {
    const found = await readAll(this.#store, { statuses: LIVE_STATUSES });
    for (const approval of found.toReversed()) this.#add(approval).settle();
  }

  async create(approval: Approval, words: ChangeWords): Promise<LiveApproval> {
    const slot = this.#add(approval);
    this.#onChange();
    await this.#write(slot, undefined, approval, words);
    return slot;
  }

  /**
   * @param make what it becomes; its revision is counted here. @param words of what it has become.
   * @throws what `make` throws, before anything has changed · ConflictError where the stored one is another by now.
   */
  async change(
    live: LiveApproval,
    make: (now: Approval) => Approval,
    words: (changed: Approval) => ChangeWords,
  ): Promise<Approval> {
    const slot = this.#slots.get(live.id);
    if (slot === undefined) throw decidedAlready(live.now);
    const from = slot.now.revision;
    const to: Approval = { ...make(slot.now), revision: from + 1 };
    slot.now = to;
    this.#onChange();
    await this.#write(slot, from, to, words(to));
    return to;
  }

  async #write(slot: Slot, from: number | undefined, to: Approval, words: ChangeWords): Promise<void> {
    try {
      await this.#record.change(from, to, words);
    } catch (thrown) {
      await this.#reload(slot);
      throw thrown;
    }
    slot.settle();
    if (!slot.isLive) this.#remove(slot);
  }

  /** What could not be written has not happened: the store knows how it stands. */
  async #reload(slot: Slot): Promise<void> {
    const stored = await this.#store.approval(slot.id).catch(() => undefined);
    if (stored === undefined) {
      this.#remove(slot);
      return;
    }
    slot.now = stored;
    slot.settle();
    if (!slot.isLive) this.#remove(slot);
    this.#onChange();
  }

  #add(approval: Approval): Slot {
    const slot = new Slot(approval);
    this.#slots.set(approval.id, slot);
    const ofJob = this.#byJob.get(approval.jobId) ?? new Map<ApprovalId, Slot>();
    ofJob.set(approval.id, slot);
    this.#byJob.set(approval.jobId, ofJob);
    return slot;
  }

  #remove(slot: Slot): void {
    this.#slots.delete(slot.id);
    const ofJob = this.#byJob.get(slot.now.jobId);
    ofJob?.delete(slot.id);
    if (ofJob?.size === 0) this.#byJob.delete(slot.now.jobId);
  }
}
