import type { Commit } from '../../domain/ids.ts';
import type { Job } from '../../domain/job.ts';
import { NO_JOB_COMMAND } from '../../domain/verification.ts';
import type { JobJournal } from '../journal.ts';
import type { Verifier } from '../verifying/verifier.ts';
import { verifications } from './conflictPrompt.ts';
import type { DoneWork } from './doneWork.ts';

export type JobCheck = { readonly verification: Job['verification']; readonly note: string };

type Run = (cwd: string, env: Readonly<Record<string, string>>) => Promise<JobCheck>;

/**
 * Verifies the merged result, always in a fresh worktree: what a lane has lying about must not make it green. Where
 * the job has no command of its own and the user's branch is to be moved, every task's command must be green on the
 * whole: tasks that were green apart can be red together. In a shared folder it runs there, since there is nothing
 * else.
 */
export const verifyJob = async (
  journal: JobJournal,
  work: Pick<DoneWork, 'workspace' | 'folders' | 'verification'>,
  merged: Commit | undefined,
  signal: AbortSignal,
): Promise<JobCheck> => {
  const { spec } = journal.job;
  const done = [...journal.tasks.values()].filter((task) => task.status === 'done');
  const commands =
    spec.verify !== undefined ? [spec.verify] : spec.apply === 'merge' ? verifications(done) : [];
  if (commands.length === 0) return { verification: 'none', note: NO_JOB_COMMAND };
  const { repository, root } = work.workspace;
  let output = '';
  const verifier = work.verification.verifier((text) => {
    output += text;
  });
  if (repository !== undefined && merged === undefined) return nothingChanged(verifier, commands);
  const run: Run = async (cwd, env) => {
    let note = '';
    for (const command of commands) {
      const check = await verifier.check(command, cwd, env, signal);
      note = check.note;
      if (check.verification === 'failed') {
        return {
          verification: 'failed',
          note: `${command}: ${note} It printed: ${output.trim().slice(-1000)}`,
        };
      }
      if (check.verification === 'none') return { verification: 'none', note: `${command}: ${note}` };
    }
    const all = `Green on the merged result: ${commands.join('; ')}.`;
    return { verification: 'passed', note: commands.length === 1 ? note : all };
  };
  return repository !== undefined && merged !== undefined
    ? work.folders.inFreshFolder(repository, { name: 'final', commit: merged, signal }, run)
    : work.folders.withPorts((env) => run(root, env));
};

/** The result is the base, so the base's own outcome is the answer. */
const nothingChanged = async (verifier: Verifier, commands: readonly string[]): Promise<JobCheck> => {
  for (const command of commands) {
    const green = await verifier.greenOnBase(command);
    if (green === false)
      return { verification: 'failed', note: `Nothing was changed, and ${command} is red as before.` };
    if (green === undefined)
      return { verification: 'none', note: 'Nothing was changed, and the base could not be verified.' };
  }
  return { verification: 'passed', note: 'Nothing was changed; the verification is green on the base.' };
};
