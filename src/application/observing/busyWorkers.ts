import type { JobEvent } from '../../domain/events.ts';
import type { JobId, TaskId } from '../../domain/ids.ts';
import type { BusyWorker, JobView } from '../api.ts';
import type { EventBus } from '../ports/eventBus.ts';

type Seat = Omit<BusyWorker, 'title' | 'status'>;

/** Which worker is at which task, read off the events: nothing else knows lanes and processes from outside. */
export class BusyWorkers {
  readonly #seats = new Map<string, Seat>();

  constructor(bus: EventBus) {
    bus.subscribe((event) => this.#note(event));
  }

  /** @param view the job as it stands; undefined where it is not driven any more. */
  list(view: (id: JobId) => JobView | undefined): readonly BusyWorker[] {
    return [...this.#seats.values()].flatMap((seat) => {
      const task = view(seat.jobId)?.tasks.find(({ spec }) => spec.id === seat.taskId);
      // The status decides: a task that was stopped in between has no event of its own for it.
      if (task === undefined || (task.status !== 'running' && task.status !== 'verifying')) return [];
      return [{ ...seat, title: task.spec.title, status: task.status }];
    });
  }

  #note({ jobId, at, happening }: JobEvent): void {
    switch (happening.type) {
      case 'task.started': {
        const { taskId, attempt, lane, pid } = happening;
        this.#seats.set(key(jobId, taskId), { jobId, taskId, attempt, lane, pid, since: at });
        return;
      }
      case 'task.done':
      case 'task.failed':
      case 'task.skipped':
      case 'task.cancelled':
      case 'task.held':
      case 'task.retrying':
      case 'task.parked':
        this.#seats.delete(key(jobId, happening.taskId));
    }
  }
}

const key = (job: JobId, task: TaskId): string => `${job} ${task}`;
