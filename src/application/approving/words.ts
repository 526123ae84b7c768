import type { Approval } from '../../domain/approval.ts';
import { ConflictError, ForbiddenError, NotFoundError } from '../../domain/errors/index.ts';
import type { Happening } from '../../domain/events.ts';

const LONGEST_REASON = 500;

/** The end of a call that nobody will allow: what the worker is told. */
const GO_ON = 'Go on with the task without it, and do not try to reach the same by another way.';

export const deniedMessage = (approval: Pick<Approval, 'decisions'>): string => {
  const reason = approval.decisions.at(-1)?.reason.trim() ?? '';
  const why = reason === '' ? '' : `: "${reason.slice(0, LONGEST_REASON)}"`;
  return `This call was denied${why}. ${GO_ON}`;
};

export const expiredMessage = `Nobody decided about this call in time, so it is denied. ${GO_ON}`;
export const cancelledMessage = `Nobody will decide about this call any more, so it is denied. ${GO_ON}`;
export const fullMessage = (most: number): string =>
  `${most} calls of this job wait for a person already, so this one is refused. ${GO_ON}`;
export const restlessMessage = `What this call names changes all the time, so nobody can be asked about it. Let it rest, then call again, or go on without it.`;
export const unhashableMessage = (why: string): string => `This call is refused: ${why} ${GO_ON}`;

/** For the events of the job. */
export const changed = (approval: Approval, reason?: string): Happening => {
  const last = approval.decisions.at(-1);
  const said = reason ?? last?.reason;
  return {
    type: 'approval.changed',
    taskId: approval.taskId,
    approvalId: approval.id,
    status: approval.status,
    ...(last === undefined ? {} : { by: last.by, channel: last.channel }),
    ...(said === undefined || said === '' ? {} : { reason: said }),
  };
};

export const noSuchApproval = (id: string): NotFoundError =>
  new NotFoundError(`There is no approval ${id}.`, { hint: 'List the approvals with list_approvals.' });

/** Who lost a race, or came late, hears who was first. */
export const decidedAlready = (approval: Approval): ConflictError => {
  const { id, status, decisions } = approval;
  const last = decisions.at(-1);
  const said =
    (status === 'approved' || status === 'denied' || status === 'used') && last !== undefined
      ? `${last.decision === 'approve' ? 'approved' : 'denied'} by ${last.by} (${last.channel})`
      : status;
  return new ConflictError(`Approval ${id} is ${said} already.`, {
    hint: 'Nothing is left to decide here; list_approvals shows what still waits.',
    context: { approval: id, status },
  });
};

/** How a person can prove to be one. */
const WAYS =
  'A person decides on the approvals page of the dashboard with a passkey or passphrase, or by `claude-orchestrator approve` in a terminal; or gives you the one-time code shown there, to pass as `code`. `claude-orchestrator init` sets a passphrase where there is none yet.';

export const noProof = (why: string): ForbiddenError => new ForbiddenError(why, { hint: WAYS });
