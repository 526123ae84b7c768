import { OrchestratorError, WorkerError } from '../../../domain/errors/index.ts';
import type { TaskId } from '../../../domain/ids.ts';
import { isTerminal } from '../../../domain/job.ts';
import { buildPlan, type Plan } from '../../../domain/plan.ts';
import type { Steer } from '../../api.ts';
import { UnresolvedConflictError } from '../../integrating/conflictResolver.ts';
import { integrate } from '../../integrating/integrate.ts';
import type { JobJournal } from '../../journal.ts';
import { openJobWorkspace } from '../../lanes/jobWorkspace.ts';
import { planJob } from '../../planning/planJob.ts';
import type { RunDeps } from '../../runDeps.ts';
import { Interrupted, type Interruption, interruptionIn } from '../task/interruption.ts';
import { Attention } from './attention.ts';
import { endUnfinished } from './jobEnd.ts';
import { JobTasks } from './jobTasks.ts';
import { Steering } from './steering.ts';
import { TaskRound } from './taskRound.ts';

/**
 * Drives one job from its plan to its end. It owns nothing but the order of the phases; the state is in the
 * journal, so that a new process goes on where this one was.
 */
export class JobRun {
  readonly journal: JobJournal;
  readonly #deps: RunDeps;
  readonly #abort = new AbortController();
  readonly #attention: Attention;
  readonly #steering: Steering;
  #tasks: JobTasks | undefined;
  #round: TaskRound | undefined;
  /** True from the last task's end on: a retry is then taken up by the phases, not by the scheduler. */
  #integrating = false;
  /** Resolves when nothing of this run is left: no process, no place taken. */
  readonly ended: Promise<void>;

  constructor(deps: RunDeps, journal: JobJournal) {
    this.#deps = deps;
    this.journal = journal;
    this.#attention = new Attention(journal);
    this.#steering = new Steering(deps, {
      journal,
      attention: this.#attention,
      tasks: () => this.#tasks,
      integrating: () => this.#integrating,
      settle: async () => this.#round?.settle(),
      attended: () => this.#attended(),
    });
    this.ended = this.#run();
  }

  async cancel(taskId: TaskId | undefined, reason: string): Promise<void> {
    if (taskId !== undefined) return this.#steering.cancelTask(taskId, reason);
    if (isTerminal(this.journal.job)) return;
    this.#interruptAll({ kind: 'cancel', reason });
    return this.ended;
  }

  steer(steer: Steer): Promise<void> {
    return this.#steering.steer(steer);
  }

  /** Nothing new of the job is started until a person, or another approver, says `retry`; what runs goes on. */
  async pause(reason: string): Promise<void> {
    const { job } = this.journal;
    if (isTerminal(job) || this.#attention.wanted || this.#interrupted() !== undefined) return;
    this.#tasks?.queue.pause();
    await this.#attention.ask({ reason, refs: [], wants: 'approver' });
  }

  /** The server is about to stop; see `LiveTasks.drain`. */
  drain(): void {
    this.#tasks?.live.drain();
  }

  /** Stops the workers and keeps the state. */
  async shutdown(): Promise<void> {
    this.#interruptAll({ kind: 'shutdown' });
    await this.ended;
  }

  async #run(): Promise<void> {
    try {
      await this.#deps.logger.within({ jobId: this.journal.job.id }, () => this.#phases());
    } catch (thrown) {
      await this.#failed(thrown).catch((error: unknown) => this.#leaveForLater(error));
    } finally {
      this.#deps.scheduler.remove(this.journal.job.id);
      await this.#tasks?.close().catch((error: unknown) => this.#leaveForLater(error));
    }
  }

  async #phases(): Promise<void> {
    const { journal } = this;
    const signal = this.#abort.signal;
    const workspace = await openJobWorkspace(this.#deps, journal);
    if (journal.job.status === 'planning') await planJob(this.#deps, journal, workspace, signal);
    const plan = buildPlan([...journal.tasks.values()].map((task) => task.spec));
    const interrupted = (): boolean => this.#interrupted() !== undefined;
    const round = new TaskRound(journal, plan, () => tasks, interrupted);
    const tasks = new JobTasks(this.#deps, journal, plan, workspace, {
      end: () => round.settle(),
      fault: (error) => round.fail(error),
    });
    this.#round = round;
    this.#tasks = tasks;
    await tasks.parked.takeUp();
    // Taken up after a restart: what waited for a person still waits.
    if (this.#attention.wanted) await this.#waitForPerson(signal);
    for (;;) {
      if (journal.job.status === 'running') {
        this.#integrating = false;
        await round.run();
      }
      signal.throwIfAborted();
      // Stopped for a person while its last tasks ran.
      if (journal.job.status === 'running' && this.#attention.wanted) {
        this.#attention.renew();
        await this.#waitForPerson(signal);
        continue;
      }
      if (await this.#integrated(plan, tasks, signal)) return;
    }
  }

  /** @returns false where tasks were reopened and must run first. */
  async #integrated(plan: Plan, tasks: JobTasks, signal: AbortSignal): Promise<boolean> {
    const { journal } = this;
    this.#integrating = true;
    this.#deps.scheduler.remove(journal.job.id);
    if (journal.job.status === 'running')
      await journal.record({ job: { move: 'integrate' }, happenings: [] });
    await tasks.closeLanes();
    try {
      await integrate(this.#deps, journal, plan, tasks, signal);
      return true;
    } catch (thrown) {
      signal.throwIfAborted();
      if (!wantsPerson(thrown)) throw thrown;
      const refs = thrown instanceof UnresolvedConflictError ? thrown.refs : [];
      this.#attention.renew();
      await this.#attention.ask({ reason: `${thrown.message} ${thrown.hint}`, refs });
      await this.#waitForPerson(signal);
      return false;
    }
  }

  async #waitForPerson(signal: AbortSignal): Promise<void> {
    this.#integrating = true;
    await this.#attention.wait(signal);
    await this.#attended();
  }

  async #attended(): Promise<void> {
    await this.#attention.lift();
    this.#tasks?.queue.unpause();
  }

  #interruptAll(why: Interruption): void {
    this.#abort.abort(new Interrupted(why));
    this.#stopStarting(why);
    this.#round?.stop();
  }

  /** First no task gets a place any more, then those that have one are stopped. */
  #stopStarting(why: Interruption): void {
    this.#deps.scheduler.remove(this.journal.job.id);
    this.#tasks?.interruptAll(why);
  }

  #interrupted(): Interruption | undefined {
    return interruptionIn(this.#abort.signal);
  }

  /** The end could not be written or tidied up: the store keeps the job unfinished, and the next start takes it up. */
  #leaveForLater(error: unknown): void {
    this.#deps.logger.critical('SYSTEM', 'a job could not be brought to an end', {
      jobId: this.journal.job.id,
      error: error instanceof Error ? error : new Error(String(error)),
    });
  }

  /** The job's end where a phase threw: cancelled, stopped with the server, or failed. */
  async #failed(thrown: unknown): Promise<void> {
    const why = this.#interrupted();
    // A fault of ours leaves workers that nobody watches any more.
    if (why === undefined) this.#stopStarting({ kind: 'shutdown' });
    await this.#tasks?.live.idle();
    if (why?.kind === 'shutdown' || isTerminal(this.journal.job)) return;
    // Before the job's last event, so that who follows it hears of these too.
    await this.#deps.desk.cancel(this.journal.job.id, undefined, 'the job has ended');
    await this.#tasks?.parked.remove(this.#tasks.parked.worktrees());
    await endUnfinished(
      this.#deps,
      this.journal,
      this.#tasks?.workspace.repository,
      why === undefined ? thrown : why,
    );
  }
}

/** An integration that a worker or the API let down, or that a conflict stopped, can go on when a person says so. */
const wantsPerson = (thrown: unknown): thrown is OrchestratorError =>
  thrown instanceof UnresolvedConflictError ||
  thrown instanceof WorkerError ||
  (thrown instanceof OrchestratorError && thrown.retryable);
