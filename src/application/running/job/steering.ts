import { ConflictError } from '../../../domain/errors/index.ts';
import type { TaskId } from '../../../domain/ids.ts';
import { TERMINAL_TASK } from '../../../domain/task.ts';
import type { Steer } from '../../api.ts';
import type { JobJournal } from '../../journal.ts';
import type { RunDeps } from '../../runDeps.ts';
import { type Interruption, stoppedByPerson } from '../task/interruption.ts';
import type { Attention } from './attention.ts';
import type { JobTasks } from './jobTasks.ts';
import { reopenTasks, retriable } from './reopen.ts';

/** What of a run can be steered. */
export type Steered = {
  readonly journal: JobJournal;
  readonly attention: Attention;
  /** Undefined before there is a plan. */
  readonly tasks: () => JobTasks | undefined;
  /** True from the last task's end on: a retry is then taken up by the phases, not by the scheduler. */
  readonly integrating: () => boolean;
  /** Draws the consequences of how the tasks now stand. */
  readonly settle: () => Promise<void>;
  /** A person has looked at it: what was paused goes on. */
  readonly attended: () => Promise<void>;
};

/** What a person or another agent does to a job that runs: messages, skips, retries, cancelled tasks. */
export class Steering {
  readonly #deps: Pick<RunDeps, 'scheduler' | 'clock'>;
  readonly #run: Steered;

  constructor(deps: Pick<RunDeps, 'scheduler' | 'clock'>, run: Steered) {
    this.#deps = deps;
    this.#run = run;
  }

  /** @throws ConflictError where the job or task does not stand so that this could be done. */
  async steer(steer: Steer): Promise<void> {
    switch (steer.action) {
      case 'message':
        if (this.#run.tasks()?.live.say(steer.taskId, steer.message) !== true) {
          throw new ConflictError(`Task "${steer.taskId}" has no running worker to hear a message.`, {
            hint: 'Messages reach a task that is running; job_status tells. job_steer retry starts a failed one anew.',
          });
        }
        return this.#run.journal.note({
          type: 'task.message',
          taskId: steer.taskId,
          message: steer.message,
        });
      case 'skip':
        return this.#stop(steer.taskId, {
          kind: 'skip',
          reason: steer.reason ?? 'It was skipped on request.',
        });
      case 'retry':
        return steer.taskId === undefined ? this.#retryWhole() : this.#reopen([steer.taskId]);
    }
  }

  async cancelTask(id: TaskId, reason: string): Promise<void> {
    // Twice is once, as for the whole job.
    if (this.#run.journal.task(id).status === 'cancelled') return;
    await this.#stop(id, { kind: 'cancel', reason });
  }

  async #stop(id: TaskId, why: Interruption & { kind: 'cancel' | 'skip' }): Promise<void> {
    const { journal, tasks, settle } = this.#run;
    const task = journal.task(id);
    if (TERMINAL_TASK.has(task.status) && !(why.kind === 'skip' && task.status === 'failed')) {
      throw new ConflictError(`Task "${id}" is ${task.status} already.`, {
        hint: 'job_status shows how it ended.',
      });
    }
    // One that was parked in the same moment had no worker any more that could have heard it.
    while (await tasks()?.live.interrupt(id, why)) if (journal.ended(id)) return;
    const left = tasks()?.parked.worktrees(id) ?? [];
    this.#deps.scheduler.withdraw(journal.job.id, id);
    await journal.record({
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
    await tasks()?.parked.remove(left);
    await settle();
  }

  /** Everything that was not done, and the integration where that is what waits. */
  async #retryWhole(): Promise<void> {
    const { journal, attention, attended, integrating } = this.#run;
    const ids = retriable(journal);
    // Stopped for its denials: it goes on with what waits.
    if (attention.wanted && !integrating()) {
      await attended();
      if (ids.length === 0) return;
    }
    if (attention.wanted && ids.length === 0) attention.retry();
    else await this.#reopen(ids);
  }

  async #reopen(ids: readonly TaskId[]): Promise<void> {
    const { journal, attention, integrating, settle } = this.#run;
    await reopenTasks(journal, ids);
    if (integrating()) attention.retry();
    else await settle();
  }
}
