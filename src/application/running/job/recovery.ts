import type { ApprovalStatus } from '../../../domain/approval.ts';
import type { Task } from '../../../domain/task.ts';
import type { AskDesk } from '../../approving/ports.ts';
import { JobJournal } from '../../journal.ts';
import type { EventBus } from '../../ports/eventBus.ts';
import type { Store } from '../../ports/store.ts';
import type { Workspaces } from '../../ports/workspaces.ts';

/** Tasks whose worker died with the process that watched it. */
const IN_FLIGHT = new Set(['running', 'verifying']);
/** Statuses that give a call which comes again an answer, or someone to wait for. */
const STILL_COUNTS: readonly ApprovalStatus[] = ['pending', 'superseded', 'approved', 'denied'];

export type RecoveryDeps = {
  readonly store: Store;
  readonly bus: EventBus;
  readonly desk: Pick<AskDesk, 'supersede' | 'cancel'>;
  readonly workspaces: Pick<Workspaces, 'kept'>;
};

/**
 * Takes up the jobs that an earlier process left unfinished. Tasks that were in flight are ready again and count
 * the attempt that was lost. One whose call waited for a person goes on in its session and its worktree, where
 * both are there still; the others start anew from their base.
 */
export const recoverJobs = async (deps: RecoveryDeps): Promise<JobJournal[]> => {
  const journals: JobJournal[] = [];
  const jobs = await deps.store.unfinishedJobs();
  const worktrees = new Set(jobs.length === 0 ? [] : (await deps.workspaces.kept()).map(({ path }) => path));
  for (const job of jobs) {
    const tasks = await deps.store.tasks(job.id);
    const journal = new JobJournal(
      { job, tasks, seq: await deps.store.lastSeq(job.id) },
      deps.store,
      deps.bus,
    );
    const inFlight = tasks.filter((task) => IN_FLIGHT.has(task.status));
    const resumable = await resumableTasks(deps, inFlight, worktrees);
    // Parked or ready, and what it would have gone on in is gone.
    const homeless = tasks.filter(
      (task) =>
        !IN_FLIGHT.has(task.status) && task.resume !== undefined && !worktrees.has(task.resume.worktree),
    );
    await journal.record({
      tasks: [
        ...inFlight.map((task) => ({
          id: task.spec.id,
          move: 'retry' as const,
          ...(task.resume === undefined ? {} : { patch: { resume: resumable.get(task) } }),
        })),
        ...homeless.map((task) => ({ id: task.spec.id, patch: { resume: undefined } })),
      ],
      happenings: [{ type: 'job.recovered', tasksInFlight: inFlight.length }],
    });
    for (const task of inFlight) {
      if (resumable.has(task)) await deps.desk.supersede(job.id, task.spec.id);
      else await deps.desk.cancel(job.id, task.spec.id, 'the attempt that asked has ended');
    }
    for (const task of homeless)
      await deps.desk.cancel(job.id, task.spec.id, 'the worktree of the attempt that asked is gone');
    journals.push(journal);
  }
  return journals;
};

const resumableTasks = async (
  { store }: Pick<RecoveryDeps, 'store'>,
  inFlight: readonly Task[],
  worktrees: ReadonlySet<string>,
): Promise<ReadonlyMap<Task, Task['resume']>> => {
  const found = new Map<Task, Task['resume']>();
  for (const task of inFlight) {
    const { resume, jobId, spec } = task;
    if (resume === undefined || !worktrees.has(resume.worktree)) continue;
    const { approvals } = await store.approvals({ jobId, statuses: STILL_COUNTS, limit: MOST_OPEN });
    if (!approvals.some(({ taskId }) => taskId === spec.id)) continue;
    // What an interrupted session had cost was never written: it tells all of it again.
    found.set(task, resume.how === 'interrupted' ? { ...resume, spent: undefined } : resume);
  }
  return found;
};

/** A job has no more open approvals than this, and few that are decided and not used. */
const MOST_OPEN = 200;
