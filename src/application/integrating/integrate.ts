import { type OrchestratorError, TaskExecutionError } from '../../domain/errors/index.ts';
import type { Commit } from '../../domain/ids.ts';
import type { Job } from '../../domain/job.ts';
import type { Plan } from '../../domain/plan.ts';
import { jobBranch } from '../branches.ts';
import type { JobJournal } from '../journal.ts';
import { makeReceipt } from '../observing/receipt.ts';
import type { Repository } from '../ports/repository.ts';
import type { RunDeps } from '../runDeps.ts';
import { skippedByPerson } from '../scheduling/taskGraph.ts';
import { applyResult } from './apply.ts';
import { removeMergedBranches } from './cleanUp.ts';
import type { DoneWork } from './doneWork.ts';
import { verifyJob } from './finalVerification.ts';
import { finalTips, type Merger } from './merger.ts';
import { settleVerifications } from './settleVerifications.ts';

/**
 * Puts the done tasks together on the job's branch, in topological order, verifies the whole in a fresh
 * worktree, moves the user's branch where that was asked for, and ends the job. What failed is left out and
 * said; what is done is never dropped.
 * @throws UnresolvedConflictError where a person must decide.
 */
export const integrate = async (
  deps: RunDeps,
  journal: JobJournal,
  plan: Plan,
  work: DoneWork,
  signal: AbortSignal,
): Promise<void> => {
  const { repository } = work.workspace;
  await settleVerifications(journal, work.verification);
  const merged =
    repository === undefined || work.merger === undefined
      ? undefined
      : await mergeTasks(journal, plan, work.merger, repository);
  signal.throwIfAborted();
  const check = await verifyJob(journal, work, merged, signal);
  await journal.record({
    job: { patch: { verification: check.verification, verificationNote: check.note } },
    happenings: [{ type: 'job.verified', ...check }],
  });
  const failure = check.verification === 'failed' ? redResult(check.note) : unfinished(journal);
  const applied =
    failure === undefined && repository !== undefined && merged !== undefined && !journal.job.applied
      ? await applyResult(journal, repository, merged)
      : {};
  const held = merged ?? journal.job.base?.commit;
  if (repository !== undefined && held !== undefined) await removeMergedBranches(journal, repository, held);
  await finish(deps, journal, work, failure, applied);
};

const mergeTasks = async (
  journal: JobJournal,
  plan: Plan,
  merger: Merger,
  repository: Repository,
): Promise<Commit | undefined> => {
  const base = journal.job.base?.commit;
  const branch = jobBranch(journal.job.id);
  const before = journal.job.commit;
  // Merged before a restart: another merge of the same work would be another commit.
  if (before !== undefined && (await repository.branchCommit(branch)) === before) return before;
  const tips = finalTips(plan.order, journal.tasks);
  if (base === undefined || tips.length === 0) return undefined;
  const commit = await merger.mergeAll(base, tips, async (tip, at) =>
    journal.note({ type: 'integration.merged', taskId: tip.taskId, commit: at }),
  );
  await repository.setBranch(branch, commit);
  const filesChanged = await repository.changedFiles(base, commit);
  await journal.record({ job: { patch: { branch, commit, filesChanged } }, happenings: [] });
  return commit;
};

const redResult = (note: string): TaskExecutionError =>
  new TaskExecutionError(`The job's verification is red on the merged result: ${note}`, {
    hint: 'The merged work is on the job branch; look at it there, or submit a job that mends it.',
  });

const unfinished = (journal: JobJournal): TaskExecutionError | undefined => {
  const all = [...journal.tasks.values()];
  const missing = all.filter((task) => task.status !== 'done' && !skippedByPerson(task));
  if (missing.length === 0) return undefined;
  const names = missing
    .slice(0, 5)
    .map((task) => `${task.spec.id} ${task.status}`)
    .join(', ');
  return new TaskExecutionError(
    `${missing.length} of ${all.length} tasks were not done: ${names}${missing.length > 5 ? ', …' : ''}.`,
    {
      hint: `job_result tells why each failed; job_steer retry runs them again.${journal.job.branch === undefined ? '' : ` What is done stands on ${journal.job.branch}.`}`,
    },
  );
};

const finish = async (
  deps: RunDeps,
  journal: JobJournal,
  work: DoneWork,
  failure: OrchestratorError | undefined,
  applied: Partial<Job>,
): Promise<void> => {
  const endedAt = deps.clock.now();
  const all = [...journal.tasks.values()];
  const receipt = await makeReceipt(deps.store, { ...journal.job, endedAt }, all);
  // Without git the tasks' own word on what changed is all there is.
  const filesChanged =
    work.workspace.repository === undefined
      ? [...new Set(all.flatMap((task) => task.filesChanged))].toSorted()
      : journal.job.filesChanged;
  const warnings = receipt.refusals === 0 ? [] : [refused(receipt.refusals)];
  await work.close();
  await journal.record({
    job: {
      move: failure === undefined ? 'succeed' : 'fail',
      patch: {
        ...applied,
        endedAt,
        receipt,
        filesChanged,
        warnings: [...journal.job.warnings, ...warnings],
        error: failure?.toRecord(),
      },
    },
    happenings: applied.attention === undefined ? [] : [{ type: 'job.attention', ...applied.attention }],
  });
};

const refused = (calls: number): string =>
  `${calls === 1 ? 'One tool call of a worker was' : `${calls} tool calls of workers were`} refused by the gate or denied; task_output of the task says which and why.`;
