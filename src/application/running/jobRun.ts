import { ConflictError, OrchestratorError, WorkerError } from '../../domain/errors/index.ts';
import type { TaskId } from '../../domain/ids.ts';
import { isTerminal } from '../../domain/job.ts';
import { buildPlan, type Plan, tailLengths } from '../../domain/plan.ts';
import { TERMINAL_TASK } from '../../domain/task.ts';
import type { Steer } from '../api.ts';
import { UnresolvedConflictError } from '../integrating/conflictResolver.ts';
import { integrate } from '../integrating/integrate.ts';
import type { JobJournal } from '../journal.ts';
import { taskSeconds } from '../planning/estimate.ts';
import { planJob } from '../planning/planJob.ts';
import type { RunDeps } from '../runDeps.ts';
import { Interrupted, type Interruption, interruptionIn, stoppedByPerson } from './interruption.ts';
import { endUnfinished } from './jobEnd.ts';
import { JobTasks } from './jobTasks.ts';
import { openJobWorkspace } from './jobWorkspace.ts';
import { reopenTasks, retriable } from './reopen.ts';
import { consequences } from './taskGraph.ts';

/**
 * Drives one job from its plan to its end. It owns nothing but the order of the phases; the state is in the
 * journal, so that a new process goes on where this one was.
 */
export class JobRun {
  readonly journal: JobJournal;
  readonly #deps: RunDeps;
  readonly #abort = new AbortController();
  #tasks: JobTasks | undefined;
  #plan: Plan | undefined;
  #allEnded = gate();
  #retryIntegration = gate();
  /** True from the last task's end on: a retry is then taken up by the phases, not by the scheduler. */
  #integrating = false;
  /** Resolves when nothing of this run is left: no process, no place taken. */
  readonly ended: Promise<void>;

  constructor(deps: RunDeps, journal: JobJournal) {
    this.#deps = deps;
    this.journal = journal;
    this.ended = this.#run();
  }

  async cancel(taskId: TaskId | undefined, reason: string): Promise<void> {
    if (taskId === undefined) {
      if (isTerminal(this.journal.job)) return;
      this.#interruptAll({ kind: 'cancel', reason });
      return this.ended;
    }
    // Twice is once, as for the whole job.
    if (this.journal.task(taskId).status === 'cancelled') return;
    await this.#stopTask(taskId, { kind: 'cancel', reason });
  }

  async steer(steer: Steer): Promise<void> {
    switch (steer.action) {
      case 'message':
        if (this.#tasks?.say(steer.taskId, steer.message) !== true) {
          throw new ConflictError(`Task "${steer.taskId}" has no running worker to hear a message.`, {
            hint: 'Messages reach a task that is running; job_status tells. job_steer retry starts a failed one anew.',
          });
        }
        return this.journal.note({ type: 'task.message', taskId: steer.taskId, message: steer.message });
      case 'skip':
        return this.#stopTask(steer.taskId, {
          kind: 'skip',
          reason: steer.reason ?? 'It was skipped on request.',
        });
      case 'retry':
        return steer.taskId === undefined ? this.#retryWhole() : this.#reopen([steer.taskId]);
    }
  }

  /** Nothing new of the job is started until a person, or another approver, says `retry`; what runs goes on. */
  async pause(reason: string): Promise<void> {
    const { job } = this.journal;
    if (isTerminal(job) || job.attention !== undefined || this.#interrupted() !== undefined) return;
    this.#tasks?.pause();
    const told = { reason, refs: [] };
    await this.journal.record({
      job: { patch: { attention: { ...told, wants: 'approver' } } },
      happenings: [{ type: 'job.attention', ...told }],
    });
  }

  /** The server is about to stop; see `JobTasks.drain`. */
  drain(): void {
    this.#tasks?.drain();
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
    this.#plan = plan;
    const tasks = new JobTasks(this.#deps, journal, plan, workspace, {
      end: () => this.#settle(),
      fault: (error) => this.#allEnded.reject(error),
    });
    this.#tasks = tasks;
    await tasks.parked.takeUp();
    // Taken up after a restart: what waited for a person still waits.
    if (journal.job.attention !== undefined) await this.#waitForPerson(signal);
    for (;;) {
      await this.#runTasks(plan, tasks);
      signal.throwIfAborted();
      // Stopped for a person while its last tasks ran.
      if (journal.job.status === 'running' && journal.job.attention !== undefined) {
        this.#retryIntegration = gate();
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
      const attention = { reason: `${thrown.message} ${thrown.hint}`, refs };
      this.#retryIntegration = gate();
      await journal.record({
        job: { patch: { attention } },
        happenings: [{ type: 'job.attention', ...attention }],
      });
      await this.#waitForPerson(signal);
      return false;
    }
  }

  /** Waits, without any process, until a person retries or cancels. */
  async #waitForPerson(signal: AbortSignal): Promise<void> {
    this.#integrating = true;
    const aborted = gate();
    const stop = (): void => aborted.reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    await Promise.race([this.#retryIntegration.promise, aborted.promise]).finally(() =>
      signal.removeEventListener('abort', stop),
    );
    await this.#attended();
  }

  async #attended(): Promise<void> {
    if (this.journal.job.attention !== undefined)
      await this.journal.record({ job: { patch: { attention: undefined } }, happenings: [] });
    this.#tasks?.unpause();
  }

  async #runTasks(plan: Plan, tasks: JobTasks): Promise<void> {
    const { journal } = this;
    if (journal.job.status !== 'running') return;
    this.#integrating = false;
    this.#allEnded = gate();
    const tails = tailLengths(plan, taskSeconds);
    tasks.schedule((id) => tails.get(id) ?? 0);
    tasks.offerReady();
    await this.#settle();
    await this.#allEnded.promise;
  }

  /** Draws the consequences of how the tasks now stand. Called after every task's end. */
  async #settle(): Promise<void> {
    const plan = this.#plan;
    if (plan === undefined || this.#interrupted()) {
      this.#allEnded.resolve();
      return;
    }
    const { waiting } = this.journal;
    const follow = consequences(
      waiting.size === 0 ? [] : plan.order.filter((id) => waiting.has(id)),
      this.journal.tasks,
    );
    if (follow.steps.length > 0) {
      await this.journal.record({ tasks: follow.steps, happenings: follow.happenings });
      this.#tasks?.offer(follow.released);
    }
    if (this.journal.open === 0) this.#allEnded.resolve();
    else this.#tasks?.mergeAhead();
  }

  async #stopTask(id: TaskId, why: Interruption & { kind: 'cancel' | 'skip' }): Promise<void> {
    const task = this.journal.task(id);
    if (TERMINAL_TASK.has(task.status) && !(why.kind === 'skip' && task.status === 'failed')) {
      throw new ConflictError(`Task "${id}" is ${task.status} already.`, {
        hint: 'job_status shows how it ended.',
      });
    }
    // One that was parked in the same moment had no worker any more that could have heard it.
    while (await this.#tasks?.interrupt(id, why)) if (this.journal.ended(id)) return;
    const left = this.#tasks?.parked.worktrees(id) ?? [];
    this.#deps.scheduler.withdraw(this.journal.job.id, id);
    await this.journal.record({
      tasks: [
        {
          id,
          move: why.kind,
          patch: {
            endedAt: this.#deps.clock.now(),
            error: stoppedByPerson(why.reason),
            resume: undefined,
          },
        },
      ],
      happenings: [
        { type: why.kind === 'skip' ? 'task.skipped' : 'task.cancelled', taskId: id, reason: why.reason },
      ],
    });
    await this.#tasks?.parked.remove(left);
    await this.#settle();
  }

  /** Everything that was not done, and the integration where that is what waits. */
  async #retryWhole(): Promise<void> {
    const ids = retriable(this.journal);
    // Stopped for its denials: it goes on with what waits.
    if (this.journal.job.attention !== undefined && !this.#integrating) {
      await this.#attended();
      if (ids.length === 0) return;
    }
    if (this.journal.job.attention !== undefined && ids.length === 0) this.#retryIntegration.resolve();
    else await this.#reopen(ids);
  }

  async #reopen(ids: readonly TaskId[]): Promise<void> {
    await reopenTasks(this.journal, ids);
    if (this.#integrating) this.#retryIntegration.resolve();
    else await this.#settle();
  }

  #interruptAll(why: Interruption): void {
    this.#abort.abort(new Interrupted(why));
    this.#stopStarting(why);
    this.#allEnded.resolve();
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
    await this.#tasks?.idle();
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

/** A promise to be waited for later, or never: its failure alone harms nobody. */
const gate = (): PromiseWithResolvers<void> => {
  const made = Promise.withResolvers<void>();
  made.promise.catch(() => undefined);
  return made;
};
