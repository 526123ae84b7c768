import type { Commit } from '../../domain/ids.ts';
import type { Job } from '../../domain/job.ts';
import type { JobJournal } from '../journal.ts';
import type { JobTasks } from '../running/jobTasks.ts';
import type { RunDeps } from '../running/runDeps.ts';

export type JobCheck = { readonly verification: Job['verification']; readonly note: string };

/**
 * Runs the job's verification on the merged result, always in a fresh worktree: what a lane has lying about must
 * not make it green. In a shared folder it runs there, since there is nothing else.
 */
export const verifyJob = async (
  deps: RunDeps,
  journal: JobJournal,
  tasks: JobTasks,
  merged: Commit | undefined,
  signal: AbortSignal,
): Promise<JobCheck> => {
  const { verify } = journal.job.spec;
  if (verify === undefined) return { verification: 'none', note: 'The job has no verification of its own.' };
  const { repository, root } = tasks.workspace;
  if (repository !== undefined && merged === undefined)
    return { verification: 'none', note: 'Nothing was changed, so there was nothing to verify.' };
  let output = '';
  const verifier = tasks.verifier((text) => {
    output += text;
  });
  const run = (cwd: string, env: Readonly<Record<string, string>>) =>
    verifier.check(verify, cwd, env, signal);
  const check =
    repository !== undefined && merged !== undefined
      ? await tasks.lanes.inFreshFolder(repository, { name: 'final', commit: merged, signal }, run)
      : await tasks.lanes.withPorts((env) => run(root, env));
  deps.logger.info('TASK', 'the job was verified', {
    jobId: journal.job.id,
    verification: check.verification,
  });
  const note =
    check.verification === 'failed' ? `${check.note} It printed: ${output.trim().slice(-1000)}` : check.note;
  // As red as the base was: nothing of it counts against the job, and the note says what is still red.
  return { verification: check.verification === 'failed' ? 'failed' : 'passed', note };
};
