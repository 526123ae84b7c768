import type { JobView } from '../../application/api.ts';
import { howToDecide } from './approvalWords.ts';
import { type Approvers, NO_APPROVERS } from './surroundings.ts';

const failedId = ({ tasks }: JobView): string | undefined =>
  tasks.find((task) => task.status === 'failed')?.spec.id;

const afterFailure = (view: JobView, reported: boolean): string => {
  const { id } = view.job;
  const task = failedId(view);
  const retry =
    task === undefined
      ? `call job_steer with job_id "${id}" and action "retry" to go on`
      : `call job_steer with job_id "${id}", task_id "${task}" and action "retry" (or "skip")`;
  if (view.tasks.some(({ error }) => error?.code === 'API_AUTHENTICATION'))
    return `Tell the user to log in (the hint says how), then ${retry}.`;
  return reported
    ? `Read the errors above, mend their cause, then ${retry}.`
    : `Call job_result with job_id "${id}" for the causes, then ${retry}.`;
};

const afterSuccess = ({ job }: JobView, reported: boolean): string => {
  if (job.attention !== undefined) return 'A person has to decide: tell them what "attention" says.';
  const report = reported ? '' : ` job_result with job_id "${job.id}" has the whole report.`;
  if (job.branch === undefined || job.commit === undefined) return `Nothing is left to do.${report}`;
  if (job.applied) return `The work is on the user's branch.${report}`;
  return `Review the work with "git diff HEAD...${job.branch}", then merge it with "git merge ${job.branch}".${report}`;
};

const whileUnderWay = (
  { job, approvals }: JobView,
  approvers: Approvers,
  url: string | undefined,
): string => {
  const first = approvals?.[0];
  if (first !== undefined)
    return `A call of task "${first.taskId}" waits for a person. ${howToDecide(first, approvers, url)} Then call job_wait with job_id "${job.id}".`;
  if (job.attention?.wants === 'approver')
    return `A person has to let it go on; you cannot. Tell them what "attention" says: Retry on the dashboard, signed in as the person, or \`claude-orchestrator steer ${job.id} --retry\` in a terminal. When they have, call job_wait with job_id "${job.id}".`;
  return job.attention === undefined
    ? `Call job_wait with job_id "${job.id}" until the job has ended.`
    : `A person has to decide: tell them what "attention" says, then call job_steer with job_id "${job.id}".`;
};

export type NextOptions = {
  /** True inside `job_result`'s own answer. */
  readonly reported?: boolean | undefined;
  readonly approvers?: Approvers;
  /** Page of the oldest open approval. */
  readonly url?: string | undefined;
};

/**
 * One sentence, or some where a person is wanted: what to call now. It names the tool and the id, so that an agent can follow it word for word.
 */
export const nextStep = (
  view: JobView,
  { reported = false, approvers = NO_APPROVERS, url }: NextOptions = {},
): string => {
  const { job } = view;
  switch (job.status) {
    case 'succeeded':
      return afterSuccess(view, reported);
    case 'failed':
      return afterFailure(view, reported);
    case 'cancelled':
      return 'Nothing of this job runs any more; call orchestrate again if the work is still wanted.';
    default:
      return whileUnderWay(view, approvers, url);
  }
};
