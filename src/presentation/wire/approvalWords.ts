import { type Approval, OPEN_APPROVAL } from '../../domain/approval.ts';
import type { Approvers } from './surroundings.ts';

/** The pages of the dashboard that a person decides on. */
export const approvalUrl = ({ publicUrl }: Approvers, id?: string): string | undefined =>
  publicUrl === undefined ? undefined : `${publicUrl}/approvals${id === undefined ? '' : `/${id}`}`;

const NOBODY =
  ' Nobody can approve as a person yet: the user runs "claude-orchestrator init" in a terminal, which sets a passphrase.';

/**
 * What a person has to do, told to an agent that cannot do it. One to three sentences.
 * @param url the page, where there is one.
 */
export const howToDecide = (
  { id }: Pick<Approval, 'id'>,
  { personIsSet }: Approvers,
  url: string | undefined,
): string => {
  const page =
    url === undefined
      ? 'This process has no approvals page: they end it and run "claude-orchestrator serve", which goes on with the job'
      : `They decide on ${url} or by "claude-orchestrator approve ${id}" in a terminal`;
  return `You cannot approve this yourself: show the user the request. ${page}, or tell you a one-time code for approve_operation.${personIsSet ? '' : NOBODY}`;
};

/** What comes after a decision, for whoever made it or comes too late. */
export const decisionNext = ({ id, status, jobId, approversNeeded }: Approval): string => {
  const wait = `call job_wait with job_id "${jobId}".`;
  if (OPEN_APPROVAL.has(status))
    return approversNeeded === 2
      ? `A second person has to approve ${id} too; then ${wait}`
      : `Nothing is decided yet: show the user the request, then ${wait}`;
  switch (status) {
    case 'approved':
      return `The call runs as it was approved; ${wait}`;
    case 'denied':
      return `The worker is told the reason and goes on without the call; ${wait}`;
    case 'used':
      return `The decision was carried out; ${wait}`;
    default:
      return `Nobody decides this any more (${status}), and the call does not run; ${wait}`;
  }
};

/** What to do with a list of approvals. */
export const listNext = (approvals: readonly Approval[], approvers: Approvers): string => {
  const open = approvals.filter(({ status }) => OPEN_APPROVAL.has(status));
  const [first] = open;
  if (first === undefined) return 'Nothing here waits for a person.';
  return howToDecide(first, approvers, approvalUrl(approvers, open.length === 1 ? first.id : undefined));
};
