import { type Approval, canMoveApproval } from '../../../domain/approval.ts';
import { canonicalJson } from '../../canonicalJson.ts';
import type { WaitingCall } from '../ports.ts';
import type { SeenCall } from './seenCall.ts';

/** Asked for this very call when it was another, or by an attempt that is over. */
export const isOutdated = (
  asked: Approval,
  call: WaitingCall,
  { digest, call: bound }: Pick<SeenCall, 'digest' | 'call'>,
): boolean => {
  if (asked.taskId !== call.taskId || asked.digest === digest || asked.status === 'denied') return false;
  if (!canMoveApproval(asked.status, 'cancel')) return false;
  if (asked.lineage < call.lineage || asked.toolUseId === call.toolUseId) return true;
  return (
    asked.call.tool === bound.tool &&
    asked.call.cwd === bound.cwd &&
    canonicalJson(asked.call.input) === canonicalJson(bound.input)
  );
};
