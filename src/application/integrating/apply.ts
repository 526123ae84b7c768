import { OrchestratorError } from '../../domain/errors/index.ts';
import type { Commit } from '../../domain/ids.ts';
import type { Job } from '../../domain/job.ts';
import type { JobJournal } from '../journal.ts';
import type { Repository } from '../ports.ts';

/**
 * Moves the user's branch to the result where `apply: "merge"` asks for it and something was verified. Where it
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
  if (!job.spec.allowUnverified && !verifiedByAnything(journal)) {
    return notApplied(job, 'nothing of it was verified: give verify, or allow_unverified');
  }
  try {
    const moved = await repository.advance(
      target,
      commit,
      `Merge job ${job.id}\n\nOrchestrator-Job: ${job.id}`,
    );
    await journal.note({ type: 'job.applied', branch: target, commit: moved });
    return { applied: true };
  } catch (error) {
    if (!(error instanceof OrchestratorError)) throw error;
    return notApplied(job, `${error.message} ${error.hint}`);
  }
};

/** Every task that changed files was verified by a command, or the whole was. */
export const verifiedByAnything = (journal: JobJournal): boolean => {
  if (journal.job.verification === 'passed') return true;
  const changing = [...journal.tasks.values()].filter(
    (task) => task.status === 'done' && task.filesChanged.length > 0,
  );
  return (
    changing.length > 0 &&
    changing.every((task) => task.verification !== 'none' && task.verification !== 'failed')
  );
};

const notApplied = (job: Job, why: string): Partial<Job> => {
  const reason =
    `The result is on ${job.branch ?? 'the job branch'} and was not merged into ${job.base?.branch ?? 'your branch'}: ${why}.`.replace(
      /\.\.$/,
      '.',
    );
  return {
    applied: false,
    warnings: [...job.warnings, reason],
    attention: { reason, refs: job.branch === undefined ? [] : [job.branch] },
  };
};
