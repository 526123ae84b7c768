import type { OrchestratorApi } from '../../wire/api.ts';
import type { JobAnswer } from '../../wire/job.ts';

/** A job one of whose calls waits. */
export type WaitingJob = JobAnswer & Required<Pick<JobAnswer, 'approvals'>>;

const PAGE = 50;

/** The ids of what waits of a job, oldest first: the order in which its person is asked. */
export const openApprovals = async (
  api: Pick<OrchestratorApi, 'approvals'>,
  { job_id, approvals: { open, first } }: WaitingJob,
): Promise<readonly string[]> => {
  if (open === 1) return [first.approval_id];
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await api.approvals({ job_id, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    ids.push(...page.approvals.map(({ approval_id }) => approval_id));
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  return ids.reverse();
};
