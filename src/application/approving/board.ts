import type { Approval, ApprovalStatus } from '../../domain/approval.ts';
import { OPEN_APPROVAL } from '../../domain/approval.ts';
import type { AuditEntry } from '../../domain/audit.ts';
import type { Happening } from '../../domain/events.ts';
import type { ApprovalId, JobId } from '../../domain/ids.ts';
import type { JobJournal } from '../journal.ts';
import type { EventBus } from '../ports/eventBus.ts';
import type { Change, Store } from '../ports/store.ts';
import type { Clock } from '../ports/system.ts';
import { decidedAlready } from './words.ts';

/** Something that can still change, or still be used. */
export type LiveApproval = {
  readonly id: ApprovalId;
  /** As it is now; it may not be durable yet. */
  readonly now: Approval;
  /** Resolves, with the approval as it then is, once it is durable that nobody is asked any more. */
  readonly settled: Promise<Approval>;
};

export type AuditPart = Omit<AuditEntry, 'at' | 'jobId' | 'taskId' | 'approvalId'>;

/** What a change of an approval says to others. */
export type ChangeWords = {
  readonly audit?: AuditPart;
  readonly happening?: Happening;
};

export type BoardDeps = {
  readonly store: Store;
  readonly bus: EventBus;
  readonly clock: Clock;
};

/** Statuses of which something may still come. */
export const LIVE_STATUSES: readonly ApprovalStatus[] = ['pending', 'superseded', 'approved', 'denied'];
const LIVE: ReadonlySet<ApprovalStatus> = new Set(LIVE_STATUSES);
/** Records of one reading at the start. */
const PAGE = 200;

class Slot implements LiveApproval {
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

  settle(): void {
    if (!OPEN_APPROVAL.has(this.now.status)) this.#settled.resolve(this.now);
  }
}

/**
 * The approvals of which something may still come, in memory, and the only way to change one. As with a job's
 * journal, a change is made in memory at once, so that of all that race in a turn one wins, and resolves when it
 * is durable; the store checks the revision once more.
 */
export class ApprovalBoard {
  readonly #slots = new Map<ApprovalId, Slot>();
  readonly #byJob = new Map<JobId, Map<ApprovalId, Slot>>();
  readonly #deps: BoardDeps;
  #journalOf: (jobId: JobId) => JobJournal | undefined = () => undefined;
  #onChange: () => void = () => undefined;

  constructor(deps: BoardDeps) {
    this.#deps = deps;
  }

  /** Steps of a job that is driven go through its journal, which counts the job's events. */
  useJournals(journalOf: (jobId: JobId) => JobJournal | undefined): void {
    this.#journalOf = journalOf;
  }

  /** @param listener hears that deadlines may be others now. */
  onChange(listener: () => void): void {
    this.#onChange = listener;
  }

  journal(jobId: JobId): JobJournal | undefined {
    return this.#journalOf(jobId);
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
    const found: Approval[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.#deps.store.approvals({
        statuses: LIVE_STATUSES,
        limit: PAGE,
        ...(cursor === undefined ? {} : { cursor }),
      });
      found.push(...page.approvals);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    for (const approval of found.reverse()) this.#add(approval).settle();
  }

  async create(approval: Approval, words: ChangeWords): Promise<LiveApproval> {
    const slot = this.#add(approval);
    this.#onChange();
    await this.#write(slot, undefined, words);
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
    await this.#write(slot, from, words(to), to);
    return to;
  }

  /** An entry of the audit without a change. */
  async audit(approval: Approval, part: AuditPart): Promise<void> {
    await this.#record(approval.jobId, { changes: [this.#entry(approval, part)], happenings: [] });
  }

  /** Any other step of a job. */
  async note(jobId: JobId, changes: readonly Change[]): Promise<void> {
    await this.#record(jobId, { changes, happenings: [] });
  }

  async #write(slot: Slot, from: number | undefined, words: ChangeWords, to = slot.now): Promise<void> {
    try {
      await this.#record(to.jobId, {
        changes: [
          { kind: 'approval', from, to },
          ...(words.audit === undefined ? [] : [this.#entry(to, words.audit)]),
        ],
        happenings: words.happening === undefined ? [] : [words.happening],
      });
    } catch (thrown) {
      await this.#reload(slot);
      throw thrown;
    }
    slot.settle();
    if (!LIVE.has(slot.now.status)) this.#remove(slot);
  }

  #entry(approval: Approval, part: AuditPart): Change {
    const { jobId, taskId, id } = approval;
    return { kind: 'audit', entry: { ...part, at: this.#deps.clock.now(), jobId, taskId, approvalId: id } };
  }

  async #record(
    jobId: JobId,
    step: { readonly changes: readonly Change[]; readonly happenings: readonly Happening[] },
  ): Promise<void> {
    const journal = this.#journalOf(jobId);
    if (journal !== undefined) return journal.record(step);
    const { store, bus } = this.#deps;
    bus.publish(await store.commit(jobId, step.changes, step.happenings));
  }

  /** What could not be written has not happened: the store knows how it stands. */
  async #reload(slot: Slot): Promise<void> {
    const stored = await this.#deps.store.approval(slot.id).catch(() => undefined);
    if (stored === undefined) {
      this.#remove(slot);
      return;
    }
    slot.now = stored;
    slot.settle();
    if (!LIVE.has(stored.status)) this.#remove(slot);
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
