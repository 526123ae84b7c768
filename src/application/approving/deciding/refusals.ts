import type { Approval } from '../../../domain/approval.ts';
import { ConflictError, ForbiddenError, NotFoundError } from '../../../domain/errors/index.ts';
import type { ApprovalId } from '../../../domain/ids.ts';

export const noSuchApproval = (id: string): NotFoundError =>
  new NotFoundError(`There is no approval ${id}.`, { hint: 'List the approvals with list_approvals.' });

/** Who lost a race, or came late, hears who was first, and where the same is asked for now. */
export const decidedAlready = (approval: Approval, supersededBy?: ApprovalId): ConflictError => {
  const { id, status, decisions } = approval;
  const last = decisions.at(-1);
  const said =
    (status === 'approved' || status === 'denied' || status === 'used') && last !== undefined
      ? `${last.decision === 'approve' ? 'approved' : 'denied'} by ${last.by} (${last.channel})`
      : status;
  const now = supersededBy === undefined ? '' : `: what it names has changed, and ${supersededBy} asks anew`;
  return new ConflictError(`Approval ${id} is ${said} already${now}.`, {
    hint:
      supersededBy === undefined
        ? 'Nothing is left to decide here; list_approvals shows what still waits.'
        : `Nothing is left to decide here. Look at ${supersededBy} (list_approvals shows it) and decide that one.`,
    context: {
      approval: id,
      status,
      ...(supersededBy === undefined ? {} : { superseded_by: supersededBy }),
    },
  });
};

/** How a person can prove to be one. */
const WAYS =
  'A person decides on the approvals page of the dashboard with a passkey or passphrase, or by `claude-orchestrator approve` in a terminal; or gives you the one-time code shown there, to pass as `code`. `claude-orchestrator init` sets a passphrase where there is none yet.';

export const noProof = (why: string): ForbiddenError => new ForbiddenError(why, { hint: WAYS });
