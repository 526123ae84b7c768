import { toErrorRecord } from '../../../domain/errors/index.ts';
import { TERMINAL_TASK } from '../../../domain/task.ts';
import { canMoveJob } from '../../../domain/transitions.ts';
import { removeMergedBranches } from '../../integrating/cleanUp.ts';
import type { JobJournal } from '../../journal.ts';
import { makeReceipt } from '../../observing/receipt.ts';
import type { Repository } from '../../ports/repository.ts';
import type { RunDeps } from '../../runDeps.ts';
import type { Interruption } from '../task/interruption.ts';

/**
 * Ends a job that cannot come to its own end: it was cancelled, or a phase threw. Open tasks end with it; what was
 * done stays on its branches, and only branches that hold nothing new are removed.
 */
export const endUnfinished = async (
  deps: RunDeps,
  journal: JobJournal,
  repository: Repository | undefined,
  why: Interruption | unknown,
): Promise<void> => {
  const cancelled = isCancel(why);
  const move = cancelled ? 'cancel' : 'fail';
  if (!canMoveJob(journal.job.status, move)) return;
  const error = cancelled ? undefined : toErrorRecord(why);
  if (error?.code === 'INTERNAL') {
    const fault = why instanceof Error ? why : new Error(String(why));
    deps.logger.error('SYSTEM', 'a job ended by a fault of the orchestrator', {
      jobId: journal.job.id,
      error: fault,
    });
  }
  const { base } = journal.job;
  if (repository !== undefined && base !== undefined)
    await removeMergedBranches(journal, repository, base.commit);
  const endedAt = deps.clock.now();
  const open = [...journal.tasks.values()].filter((task) => !TERMINAL_TASK.has(task.status));
  const reason = cancelled ? why.reason : (error?.message ?? 'The job ended.');
  const receipt = await makeReceipt(deps.store, { ...journal.job, endedAt }, [...journal.tasks.values()]);
  await journal.record({
    // Skipped, not cancelled, where the job failed: a retry takes them up again.
    tasks: open.map((task) => ({
      id: task.spec.id,
      move: cancelled ? 'cancel' : 'skip',
      patch: { endedAt, resume: undefined, ...(error === undefined ? {} : { error }) },
    })),
    job: { move, patch: { endedAt, error, receipt, attention: undefined } },
    happenings: open.map((task) => ({
      type: cancelled ? ('task.cancelled' as const) : ('task.skipped' as const),
      taskId: task.spec.id,
      reason,
    })),
  });
};

const isCancel = (why: unknown): why is Interruption & { kind: 'cancel' } =>
  typeof why === 'object' && why !== null && 'kind' in why && why.kind === 'cancel';
