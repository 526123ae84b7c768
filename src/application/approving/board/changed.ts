import type { Approval } from '../../../domain/approval.ts';
import type { Happening } from '../../../domain/events.ts';

/** What the events of the job say of an approval that is another now. */
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
