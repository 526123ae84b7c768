import type { JobSpec } from '../../domain/job.ts';
import type { Ask, VerdictListener } from '../ports/gate.ts';
import type { Ids } from '../ports/system.ts';
import type { ResumedSession, Served, WorkerOptions, WorkerRuntime, WorkerSession } from '../ports/worker.ts';
import type { LaneFolder } from './laneFolder.ts';
import { SpareWorker } from './spareWorker.ts';
import type { Starts } from './starts.ts';
import type { Wanted } from './wanted.ts';

export type LaneDeps = {
  readonly runtime: WorkerRuntime;
  readonly ids: Ids;
  readonly starts: Starts;
  readonly spec: Pick<JobSpec, 'fresh'>;
  readonly readRoots: readonly string[];
  readonly tasksPerWorker: number;
  readonly workerMemoryLimit: number;
  readonly makeFolder: (lane: Lane, signal: AbortSignal) => Promise<LaneFolder>;
  /** Hears of processes that a task left behind and that were ended. */
  readonly onLeftovers: (pids: readonly number[]) => void;
};

const nobody = (): never => {
  throw new Error('a worker that serves no task makes no calls');
};

/**
 * One folder and one live process that serve one task after the other. Between tasks the folder is cleaned and
 * moved to the next base, the conversation emptied, and what the task left running ended.
 */
export class Lane {
  readonly index: number;
  readonly env: Readonly<Record<string, string>>;
  readonly #deps: LaneDeps;
  readonly #spare: SpareWorker;
  #folder: LaneFolder | undefined;
  #session: WorkerSession | undefined;
  #budgetUsd: number | undefined;
  #served = 0;
  #refreshed: Promise<void> = Promise.resolve();
  /** Set for each task, so that one process can serve tasks that log apart. */
  #onVerdict: VerdictListener = () => undefined;
  #ask: Ask | undefined;
  #serves: Served | undefined;

  constructor(index: number, portBase: number, deps: LaneDeps) {
    this.index = index;
    this.env = { PORT_BASE: String(portBase) };
    this.#deps = deps;
    this.#spare = new SpareWorker(deps.starts);
  }

  get hasFolder(): boolean {
    return this.#folder !== undefined;
  }

  async folder(signal: AbortSignal): Promise<LaneFolder> {
    this.#folder ??= await this.#deps.makeFolder(this, signal);
    return this.#folder;
  }

  /** A process that goes on with a session which began in the lane's folder. */
  async resumed(wanted: Wanted, resume: ResumedSession, signal: AbortSignal): Promise<WorkerSession> {
    await this.endWorker();
    const folder = await this.folder(signal);
    const options = { ...this.#options(folder.path, wanted), resume };
    this.#session = await this.#deps.starts.start(() => this.#deps.runtime.open(options), signal);
    this.#budgetUsd = wanted.budgetUsd;
    this.#served = 0;
    return this.#session;
  }

  /** Takes over a folder in which a task goes on; its own, if it has another one, is given up. */
  async adopt(folder: LaneFolder): Promise<void> {
    if (this.#folder?.path === folder.path) return;
    await this.endWorker();
    await this.#disposeFolder(false);
    this.#folder = folder;
  }

  /** Leaves its folder as it is, for a task that goes on there later. */
  leaveFolder(): void {
    this.#folder = undefined;
  }

  /** A live worker with an empty conversation, in the lane's folder. */
  async worker(wanted: Wanted, signal: AbortSignal): Promise<WorkerSession> {
    const refreshed = this.#refreshed;
    // Waited for once: a refresh that failed is this task's failure, and not that of every later one.
    this.#refreshed = Promise.resolve();
    await refreshed;
    // The CLI takes its budget when it starts: another budget needs another process.
    if (this.#session !== undefined && (!this.#session.alive || this.#budgetUsd !== wanted.budgetUsd))
      await this.endWorker();
    if (this.#session === undefined) {
      const folder = await this.folder(signal);
      this.#session = await this.#open(folder.path, wanted, signal);
      this.#budgetUsd = wanted.budgetUsd;
      this.#served = 0;
    }
    return this.#session;
  }

  /** Starts the next process while this one waits on the network, where this one will be replaced after its task. */
  warm(wanted: Wanted): void {
    const replacedNext = this.#deps.spec.fresh || this.#served + 1 >= this.#deps.tasksPerWorker;
    if (!replacedNext || this.#folder === undefined) return;
    this.#spare.warm(wanted, () =>
      this.#deps.runtime.prewarm(this.#options(this.#folder?.path ?? '', wanted)),
    );
  }

  /** Ends what the task left running. @returns false where something could not be ended. */
  async endLeftovers(): Promise<boolean> {
    if (this.#session === undefined) return true;
    const { ended, survivors } = await this.#session.endLeftovers();
    if (ended.length > 0) this.#deps.onLeftovers(ended);
    return survivors.length === 0;
  }

  /** After a task that went well: the process is replaced, or its conversation emptied (which the next task waits for). */
  async recycle(leftoversGone: boolean): Promise<void> {
    this.#served++;
    if (this.#deps.spec.fresh) {
      await this.endWorker();
      await this.#disposeFolder(false);
      return;
    }
    const session = this.#session;
    if (session === undefined) return;
    const worn =
      !leftoversGone ||
      this.#served >= this.#deps.tasksPerWorker ||
      (await session.residentBytes()) > this.#deps.workerMemoryLimit;
    if (worn) return this.endWorker();
    // The next task waits for this; what comes before it (merging, switching the folder) need not.
    this.#refreshed = session.clear().catch(() => this.endWorker());
    // There may be no next task to hear of it.
    this.#refreshed.catch(() => undefined);
  }

  /** After a failure, cancel, time-out or refusal: neither the process nor the folder serves again. */
  async discard(keepFolder: boolean): Promise<string | undefined> {
    await this.endWorker();
    // An empty one is of no use to a person; one that cannot be looked at may be.
    const work = keepFolder ? await this.#folder?.changes().catch(() => ['unknown']) : [];
    return this.#disposeFolder((work ?? []).length > 0);
  }

  /** Ends the process; the folder serves on, since its next task cleans it. */
  async endWorker(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.end();
  }

  /** A new task begins. */
  begin(onVerdict: VerdictListener, ask: Ask, serves: Served): void {
    this.#onVerdict = onVerdict;
    this.#ask = ask;
    this.#serves = serves;
  }

  say(text: string): boolean {
    return this.#session?.say(text) ?? false;
  }

  async close(): Promise<void> {
    await Promise.all([this.endWorker(), this.#spare.discard()]);
    await this.#disposeFolder(false);
  }

  async #open(cwd: string, wanted: Wanted, signal: AbortSignal): Promise<WorkerSession> {
    return (
      (await this.#spare.take(cwd, wanted)) ??
      this.#deps.starts.start(() => this.#deps.runtime.open(this.#options(cwd, wanted)), signal)
    );
  }

  #options(cwd: string, wanted: Wanted): WorkerOptions {
    return {
      cwd,
      runToken: this.#deps.ids.runToken(),
      env: this.env,
      model: wanted.model,
      budgetUsd: wanted.budgetUsd,
      readRoots: this.#deps.readRoots,
      onVerdict: (call, verdict) => this.#onVerdict(call, verdict),
      serves: () => this.#serves,
      ask: (asked, callSignal) => this.#ask?.(asked, callSignal) ?? nobody(),
    };
  }

  async #disposeFolder(keep: boolean): Promise<string | undefined> {
    const folder = this.#folder;
    this.#folder = undefined;
    return folder?.dispose(keep);
  }
}
