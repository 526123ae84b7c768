import { OrchestratorError, TaskValidationError } from '../../domain/errors/index.ts';
import type { Commit } from '../../domain/ids.ts';
import type { Job, JobSpec } from '../../domain/job.ts';
import type { JobJournal } from '../journal.ts';
import type { Repository } from '../ports/repository.ts';

/**
 * Moves the user's branch to the result where `apply: "merge"` asks for it and the whole was verified. Where it
 * cannot be moved the result stays on the job's branch, and the job says so instead of pretending.
 * @returns what changes in the job.
 */
export const applyResult = async (
  journal: JobJournal,
  repository: Repository,
  commit: Commit,
): Promise<Partial<Job>> => {
  const { job } = journal;
  if (job.spec.apply !== 'merge') return {};
  const target = job.base?.branch ?? undefined;
  if (target === undefined)
    return notApplied(job, 'HEAD was detached when the job began, so there is no branch to move');
  if (!job.spec.allowUnverified && job.verification !== 'passed') {
    return notApplied(
      job,
      `${job.verificationNote ?? 'nothing of it was verified'} (allow_unverified merges it all the same)`,
    );
  }
  try {
    const moved = await repository.advance(
      target,
      commit,
      `Merge job ${job.id}\n\nOrchestrator-Job: ${job.id}`,
    );
    // Written down at once: after a crash it must not be merged a second time.
    await journal.record({
      job: { patch: { applied: true } },
      happenings: [{ type: 'job.applied', branch: target, commit: moved }],
    });
    return {};
  } catch (error) {
    if (!(error instanceof OrchestratorError)) throw error;
    return notApplied(job, `${error.message} ${error.hint}`);
  }
};

const notApplied = (job: Job, why: string): Partial<Job> => {
  const reason =
    `The result is on ${job.branch ?? 'the job branch'} and was not merged into ${job.base?.branch ?? 'your branch'}: ${why}.`.replace(
      /\.\.$/,
      '.',
    );
  return {
    attention: { reason, refs: job.branch === undefined ? [] : [job.branch] },
  };
};

/** What cannot be merged in the end is refused before anything is done. */
export const refuseImpossibleMerge = (spec: JobSpec): void => {
  if (spec.apply !== 'merge') return;
  if (spec.isolation === 'shared') {
    throw new TaskValidationError(
      'apply "merge" needs isolation "worktree": a shared folder has no branch to merge.',
      {
        hint: 'Leave apply out: in a shared folder the work is in place as it is done.',
      },
    );
  }
  if (spec.allowUnverified || spec.verify !== undefined) return;
  // Where the caller gave the tasks, it is known now that nothing would be verified.
  if (spec.tasks === undefined || spec.tasks.some((task) => task.verify !== undefined)) return;
  throw new TaskValidationError(
    'apply "merge" wants a verification, and neither the job nor a task has one.',
    {
      hint: 'Give verify (a command that is green when the work is right), or apply "branch", or allow_unverified true.',
    },
  );
};
