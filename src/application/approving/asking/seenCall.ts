import { DangerousOperationError } from '../../../domain/errors/index.ts';
import { LOCAL_AGENT, type PrincipalId } from '../../../domain/principal.ts';
import type { JobJournal } from '../../journal.ts';
import type { Store } from '../../ports/store.ts';
import { digestOf } from '../digest.ts';
import type { CallInspector, InspectedCall, WaitingCall } from '../ports.ts';

const GOAL_CHARACTERS = 2_000;

/** For whom a call is made, and what for. */
export type Purpose = { readonly goal: string; readonly owner: PrincipalId };

/** The call as it stands now, and for whom. */
export type SeenCall = InspectedCall & Purpose & { readonly digest: string };

/** Looks everything up anew that the call names. @returns the error where it can be bound to nothing. */
export const lookAt = async (
  inspector: CallInspector,
  { call, cwd, worktree, jobId, taskId, lineage, policyHash }: WaitingCall,
  signal: AbortSignal,
): Promise<Omit<SeenCall, keyof Purpose> | DangerousOperationError> => {
  try {
    const seen = await inspector.inspect(call, { cwd, worktree }, signal);
    return { ...seen, digest: digestOf({ call: seen.call, jobId, taskId, lineage, policyHash }) };
  } catch (thrown) {
    if (thrown instanceof DangerousOperationError) return thrown;
    throw thrown;
  }
};

/** @param journal of the job, where it is driven. */
export const purposeOf = async (
  { jobId, taskId }: WaitingCall,
  journal: JobJournal | undefined,
  store: Pick<Store, 'job' | 'task'>,
): Promise<Purpose> => {
  const job = journal?.job ?? (await store.job(jobId));
  const task = journal?.tasks.get(taskId) ?? (await store.task(jobId, taskId));
  const goal = task === undefined ? (job?.spec.request ?? '') : `${task.spec.title}\n${task.spec.prompt}`;
  return { owner: job?.owner ?? LOCAL_AGENT.id, goal: goal.slice(0, GOAL_CHARACTERS) };
};
