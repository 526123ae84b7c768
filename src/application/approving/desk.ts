import type { Approval } from '../../domain/approval.ts';
import type { ApprovalId, JobId, TaskId } from '../../domain/ids.ts';
import type { Principal } from '../../domain/principal.ts';
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
import { Asking } from './asking/asking.ts';
import { ApprovalBoard } from './board/board.ts';
import { ApprovalRecord } from './board/record.ts';
import { OneTimeCodes } from './deciding/codes.ts';
import { Deciding } from './deciding/deciding.ts';
import { DenialCircuit } from './deciding/denialCircuit.ts';
import { ApprovalLookup } from './deciding/lookup.ts';
import { PasskeyProof } from './deciding/passkeyProof.ts';
import { auditRefusedTry } from './deciding/refusedTry.ts';
import { showCode } from './deciding/showCode.ts';
import type { ElicitationChoice } from './elicitationChoice.ts';
import { EndOfWork } from './ending/endOfWork.ts';
import { ApprovalMoves } from './ending/moves.ts';
import { Overdue } from './ending/overdue.ts';
import type { AskDesk, CallInspector, Ruling, WaitingCall } from './ports.ts';
import { restore } from './restore.ts';

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

/** Where calls wait for a person: one instance a state directory. A call is asked, held, decided, and ends. */
export class ApprovalDesk implements Desk {
  readonly #deps: DeskDeps;
  readonly #record: ApprovalRecord;
  readonly #board: ApprovalBoard;
  readonly #lookup: ApprovalLookup;
  readonly #asking: Asking;
  readonly #deciding: Deciding;
  readonly #codes: OneTimeCodes;
  readonly #passkeys: PasskeyProof;
  readonly #circuit = new DenialCircuit();
  readonly #overdue: Overdue;
  readonly #ending: EndOfWork;
  readonly #restore: () => Promise<void>;
  readonly #unsubscribe: () => void;
  #onTripped: (jobId: JobId) => void = () => undefined;

  private constructor(deps: DeskDeps) {
    this.#deps = deps;
    const { store, bus, clock, inspector, ids, secrets, credentials, elicitation, settings } = deps;
    const { expiryMs } = settings;
    const record = new ApprovalRecord(deps);
    const board = new ApprovalBoard(store, record);
    const moves = new ApprovalMoves(board);
    const codes = new OneTimeCodes(clock);
    const passkeys = new PasskeyProof({ credentials, flows: createFlows(secrets, clock), clock });
    const parts = { board, record, moves, codes, clock, expiryMs };
    const inBackground = (message: string, work: Promise<unknown>): void => this.#watch(message, work);
    this.#record = record;
    this.#board = board;
    this.#codes = codes;
    this.#passkeys = passkeys;
    this.#lookup = new ApprovalLookup({ ...parts, store });
    this.#asking = new Asking({ ...parts, store, inspector, ids });
    this.#deciding = new Deciding({ ...parts, proofs: { codes, passkeys, elicitation } });
    this.#overdue = new Overdue({ ...parts, inBackground });
    this.#ending = new EndOfWork({ ...parts, inBackground, circuit: this.#circuit });
    this.#restore = () => restore({ ...parts, store, circuit: this.#circuit });
    this.#unsubscribe = bus.subscribe((event) => this.#ending.hear(event));
  }

  /**
   * Opens the desk with what an earlier process left: who is asked is asked still, but no process waits. Must be
   * done before jobs are taken up again. Nothing is decided by it but what is overdue.
   */
  static async open(deps: DeskDeps): Promise<ApprovalDesk> {
    const desk = new ApprovalDesk(deps);
    await desk.#restore();
    desk.#overdue.begin();
    return desk;
  }

  connect({ journalOf, onTripped }: DeskJobs): void {
    this.#record.useJournals(journalOf);
    this.#onTripped = onTripped;
  }

  /** Passkeys can sign from now on: the server has an address, to which they are bound. */
  usePasskeys(verifier: PasskeyVerifier): void {
    this.#passkeys.use(verifier);
  }

  /** Stops waiting for deadlines; what waits is taken up at the next start. */
  close(): void {
    this.#overdue.end();
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

  supersede(jobId: JobId, taskId: TaskId): Promise<void> {
    return this.#ending.supersede(jobId, taskId);
  }

  cancel(jobId: JobId, taskId: TaskId | undefined, reason: string): Promise<void> {
    return this.#ending.cancel(jobId, taskId, reason);
  }

  open(jobId: JobId): readonly Approval[] {
    return this.#board.openOf(jobId);
  }

  list(who: Principal, query: ApprovalQuery): ReturnType<Approvals['list']> {
    return this.#lookup.list(who, query);
  }

  get(who: Principal, id: ApprovalId): Promise<Approval> {
    return this.#lookup.get(who, id);
  }

  async decide(who: Decider, id: ApprovalId, input: DecisionInput): Promise<Approval> {
    const live = await this.#lookup.openFor(who.principal, id, (approval, thrown) =>
      auditRefusedTry(this.#record, approval, who, input, thrown),
    );
    const { approval, decision } = await this.#deciding.decide(live, who, input);
    if (decision === undefined) return approval;
    this.#codes.forget(id);
    if (this.#circuit.add(approval.jobId, decision.decision)) this.#onTripped(approval.jobId);
    return this.#deciding.answer(approval, decision);
  }

  async challenge({ principal }: Decider, id: ApprovalId): Promise<BegunCeremony> {
    return this.#passkeys.challenge((await this.#lookup.openFor(principal, id)).now);
  }

  async showCode(who: Decider, id: ApprovalId): ReturnType<Approvals['showCode']> {
    const { now } = await this.#lookup.openFor(who.principal, id);
    return showCode({ codes: this.#codes, record: this.#record }, who, now);
  }

  #watch(message: string, work: Promise<unknown>): void {
    work.catch((thrown: unknown) =>
      this.#deps.logger.error('SECURITY', message, {
        error: thrown instanceof Error ? thrown : new Error(String(thrown)),
      }),
    );
  }
}
