import { JobJournal } from '../journal.ts';
import type { EventBus, Store } from '../ports.ts';

/** Tasks whose worker died with the process that watched it. */
const IN_FLIGHT = new Set(['running', 'verifying']);

/**
 * Takes up the jobs that an earlier process left unfinished. Tasks that were in flight are ready again: they
 * count the attempt that was lost and start anew from their base.
 */
export const recoverJobs = async (deps: {
  readonly store: Store;
  readonly bus: EventBus;
}): Promise<JobJournal[]> => {
  const journals: JobJournal[] = [];
  for (const job of await deps.store.unfinishedJobs()) {
    const tasks = await deps.store.tasks(job.id);
    const journal = new JobJournal(
      { job, tasks, seq: await deps.store.lastSeq(job.id) },
      deps.store,
      deps.bus,
    );
    const inFlight = tasks.filter((task) => IN_FLIGHT.has(task.status));
    await journal.record({
      tasks: inFlight.map((task) => ({ id: task.spec.id, move: 'retry' })),
      happenings: [{ type: 'job.recovered', tasksInFlight: inFlight.length }],
    });
    journals.push(journal);
  }
  return journals;
};
