import { type Approval, canMoveApproval, OPEN_APPROVAL } from '../../domain/approval.ts';
import { ForbiddenError } from '../../domain/errors/index.ts';
import type { JobEvent } from '../../domain/events.ts';
import type { ApprovalId, JobId, TaskId } from '../../domain/ids.ts';
import { isTerminal } from '../../domain/job.ts';
import { may, maySee, PERSON, type Principal } from '../../domain/principal.ts';
import { createFlows } from '../access/flows.ts';
import type { BegunCeremony } from '../access/passkeys.ts';
import type { CredentialStore, PasskeyVerifier, Secrets } from '../access/ports.ts';
import type { JobJournal } from '../journal.ts';
import type { EventBus } from '../ports/eventBus.ts';
import type { Logger } from '../ports/logger.ts';
import type { Store } from '../ports/store.ts';
import type { Clock, Ids } from '../ports/system.ts';
import { unlessAborted } from '../unlessAborted.ts';
import type { ApprovalQuery, Approvals, Decider, DecisionInput } from './approvals.ts';
import { Asking } from './asking.ts';
import { ApprovalBoard, type LiveApproval } from './board.ts';
import { DenialCircuit } from './circuit.ts';
import { OneTimeCodes } from './codes.ts';
import { Deciding } from './deciding.ts';
import type { ElicitationChoice } from './elicitationChoice.ts';
import { Deadlines } from './expiry.ts';
import { ApprovalMoves } from './moves.ts';
import { PasskeyProof } from './passkeyProof.ts';
import type { AskDesk, CallInspector, Ruling, WaitingCall } from './ports.ts';
import { decidedAlready, noSuchApproval } from './words.ts';

export type DeskDeps = {
  readonly store: Store;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly inspector: CallInspector;
  readonly secrets: Secrets;
  readonly credentials: Pick<CredentialStore, 'passkey' | 'usePasskey'>;
  /** What the person chose at `init`; read anew each time. */
  readonly elicitation: ElicitationChoice;
  readonly settings: { readonly expiryMs: number };
};

/** What drives jobs gives the desk, once it is there itself. */
export type DeskJobs = {
  readonly journalOf: (jobId: JobId) => JobJournal | undefined;
  /** Persons have refused so much of this job that one must look at it. */
  readonly onTripped: (jobId: JobId) => void;
};

/** The desk as those have it who drive jobs. */
export type Desk = Approvals & AskDesk & { connect(jobs: DeskJobs): void };

/** Where calls wait for a person: one instance a state directory. */
export class ApprovalDesk implements Desk {
  readonly #deps: DeskDeps;
  readonly #board: ApprovalBoard;
  readonly #moves: ApprovalMoves;
  readonly #asking: Asking;
  readonly #deciding: Deciding;
  readonly #codes: OneTimeCodes;
  readonly #passkeys: PasskeyProof;
  readonly #circuit = new DenialCircuit();
  readonly #deadlines: Deadlines;
  readonly #unsubscribe: () => void;
  #onTripped: (jobId: JobId) => void = () => undefined;

  private constructor(deps: DeskDeps) {
    this.#deps = deps;
    const { store, bus, clock, ids, inspector, secrets, credentials, elicitation, settings } = deps;
    this.#board = new ApprovalBoard({ store, bus, clock });
    this.#moves = new ApprovalMoves(this.#board);
    this.#codes = new OneTimeCodes(clock);
    this.#passkeys = new PasskeyProof({ credentials, flows: createFlows(secrets, clock), clock });
    const { expiryMs } = settings;
    this.#asking = new Asking(this.#board, this.#moves, { store, clock, ids, inspector, expiryMs });
    this.#deciding = new Deciding({
      board: this.#board,
      proofs: { codes: this.#codes, passkeys: this.#passkeys, elicitation },
      clock,
      expiryMs,
    });
    this.#deadlines = new Deadlines(
      clock,
      () => this.#nearestDeadline(),
      () => this.#expireOverdue(),
    );
    this.#board.onChange(() => this.#deadlines.look());
    this.#unsubscribe = bus.subscribe((event) => this.#hear(event));
  }

  /**
   * Opens the desk with what an earlier process left: who is asked is asked still, but no process waits. Must be
   * done before jobs are taken up again. Nothing is decided by it but what is overdue.
   */
  static async open(deps: DeskDeps): Promise<ApprovalDesk> {
    const desk = new ApprovalDesk(deps);
    await desk.#restore();
    return desk;
  }

  connect({ journalOf, onTripped }: DeskJobs): void {
    this.#board.useJournals(journalOf);
    this.#onTripped = onTripped;
  }

  /** Passkeys can sign from now on: the server has an address, to which they are bound. */
  usePasskeys(verifier: PasskeyVerifier): void {
    this.#passkeys.use(verifier);
  }

  /** Stops waiting for deadlines; what waits is taken up at the next start. */
  close(): void {
    this.#deadlines.end();
    this.#unsubscribe();
  }

  ask(waiting: WaitingCall, holdMs: number, signal: AbortSignal): Promise<Ruling> {
    return this.#asking.ask(waiting, holdMs, signal);
  }

  async settled({ id }: Approval, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const live = this.#board.get(id);
    if (live !== undefined) await unlessAborted(live.settled, signal);
  }

  async supersede(jobId: JobId, taskId: TaskId): Promise<void> {
    const waiting = this.#board
      .ofJob(jobId)
      .filter(({ now }) => now.taskId === taskId && canMoveApproval(now.status, 'supersede'));
    await Promise.all(waiting.map((live) => this.#moves.supersede(live)));
  }

  async cancel(jobId: JobId, taskId: TaskId | undefined, reason: string): Promise<void> {
    const left = this.#board
      .ofJob(jobId)
      .filter(
        ({ now }) => (taskId === undefined || now.taskId === taskId) && canMoveApproval(now.status, 'cancel'),
      );
    for (const { id } of left) this.#codes.forget(id);
    await Promise.all(left.map((live) => this.#moves.cancel(live, reason)));
  }

  open(jobId: JobId): readonly Approval[] {
    return this.#board.openOf(jobId);
  }

  async list(who: Principal, query: ApprovalQuery): ReturnType<Approvals['list']> {
    return this.#deps.store.approvals(may(who, 'read_all') ? query : { ...query, owner: who.id });
  }

  async get(who: Principal, id: ApprovalId): Promise<Approval> {
    const approval = this.#board.get(id)?.now ?? (await this.#deps.store.approval(id));
    if (approval === undefined || !maySee(who, approval.requestedBy)) throw noSuchApproval(id);
    return approval;
  }

  async decide(who: Decider, id: ApprovalId, input: DecisionInput): Promise<Approval> {
    const live = await this.#openFor(who.principal, id, (approval, thrown) =>
      this.#deciding.refused(approval, who, input, thrown),
    );
    const { approval, decision } = await this.#deciding.decide(live, who, input);
    if (decision === undefined) return approval;
    this.#codes.forget(id);
    if (this.#circuit.add(approval.jobId, decision.decision)) this.#onTripped(approval.jobId);
    return this.#deciding.answer(approval, decision);
  }

  async challenge({ principal }: Decider, id: ApprovalId): Promise<BegunCeremony> {
    return this.#passkeys.challenge((await this.#openFor(principal, id)).now);
  }

  async showCode({ principal, via }: Decider, id: ApprovalId): ReturnType<Approvals['showCode']> {
    const { now } = await this.#openFor(principal, id);
    if (principal.id !== PERSON.id || (via !== 'passphrase' && via !== 'passkey')) {
      await this.#board.audit(now, {
        type: 'approval.refused',
        actor: principal.id,
        detail: { why: 'only a person is shown a code' },
      });
      throw new ForbiddenError('Only a person is shown a code.', {
        hint: 'The person signs in with the passphrase or a passkey, or runs `claude-orchestrator approve` in a terminal.',
      });
    }
    const { code, expiresAt } = this.#codes.show(id);
    await this.#board.audit(now, {
      type: 'approval.code_shown',
      actor: principal.id,
      detail: { via, expires_at: expiresAt },
    });
    return { code, expiresAt };
  }

  /** One that can still be decided. @throws NotFoundError, ConflictError */
  async #openFor(
    who: Principal,
    id: ApprovalId,
    onLate: (approval: Approval, thrown: unknown) => Promise<void> = async () => undefined,
  ): Promise<LiveApproval> {
    const known = await this.get(who, id);
    const live = this.#board.get(id);
    const isOpen = live !== undefined && OPEN_APPROVAL.has(live.now.status);
    if (isOpen && live.now.expiresAt > this.#deps.clock.now()) return live;
    const late = isOpen ? await this.#moves.expire(live) : (live?.now ?? known);
    const thrown = decidedAlready(late);
    await onLate(late, thrown);
    throw thrown;
  }

  async #restore(): Promise<void> {
    const { store } = this.#deps;
    await this.#board.load();
    for (const live of this.#board.all()) {
      const job = await store.job(live.now.jobId);
      if (job === undefined || isTerminal(job)) await this.#moves.cancel(live, 'the job has ended');
      else if (live.now.status === 'pending') await this.#moves.supersede(live);
    }
    for (const { id } of await store.unfinishedJobs()) this.#circuit.restore(id, await this.#history(id));
    this.#expireOverdue();
    this.#deadlines.look();
  }

  async #history(jobId: JobId): Promise<readonly Approval[]> {
    const found: Approval[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.#deps.store.approvals({
        jobId,
        limit: HISTORY_PAGE,
        ...(cursor === undefined ? {} : { cursor }),
      });
      found.push(...page.approvals);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return found;
  }

  #nearestDeadline(): number | undefined {
    const deadlines = this.#board
      .all()
      .flatMap(({ now }) => (canMoveApproval(now.status, 'expire') ? [now.expiresAt] : []));
    return deadlines.length === 0 ? undefined : deadlines.reduce((a, b) => Math.min(a, b));
  }

  #expireOverdue(): void {
    const now = this.#deps.clock.now();
    for (const live of this.#board.all()) {
      if (live.now.expiresAt > now || !canMoveApproval(live.now.status, 'expire')) continue;
      this.#codes.forget(live.id);
      this.#inBackground('an approval could not expire', this.#moves.expire(live));
    }
  }

  /** Who has ended asks for nothing any more. */
  #hear({ jobId, happening }: JobEvent): void {
    if (this.#board.ofJob(jobId).length === 0 && happening.type !== 'job.status') return;
    switch (happening.type) {
      case 'task.done':
      case 'task.failed':
      case 'task.skipped':
      case 'task.cancelled':
        this.#inBackground(
          'an approval could not be cancelled',
          this.cancel(jobId, happening.taskId, 'the task has ended'),
        );
        return;
      case 'job.status':
        if (!ENDED.has(happening.to)) return;
        this.#circuit.forget(jobId);
        this.#inBackground(
          'an approval could not be cancelled',
          this.cancel(jobId, undefined, 'the job has ended'),
        );
        return;
      default:
    }
  }

  #inBackground(message: string, work: Promise<unknown>): void {
    work.catch((thrown: unknown) =>
      this.#deps.logger.error('SECURITY', message, {
        error: thrown instanceof Error ? thrown : new Error(String(thrown)),
      }),
    );
  }
}

/** Records of one reading at the start. */
const HISTORY_PAGE = 200;
const ENDED: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled']);
