import type { Approval } from '../../../domain/approval.ts';
import { OrchestratorError } from '../../../domain/errors/index.ts';
import type { Decider, DecisionInput } from '../approvals.ts';
import type { ApprovalRecord } from '../board/record.ts';

/** Leaves a trace of a try to decide that was not let through; of a fault of ours it leaves none. */
export const auditRefusedTry = async (
  record: ApprovalRecord,
  asked: Approval,
  { principal, via }: Decider,
  { decision, code, passkey }: DecisionInput,
  thrown: unknown,
): Promise<void> => {
  if (!(thrown instanceof OrchestratorError)) return;
  await record.audit(asked, {
    type:
      code !== undefined && thrown.code === 'API_AUTHENTICATION' ? 'approval.code_wrong' : 'approval.refused',
    actor: principal.id,
    detail: {
      decision,
      why: thrown.message,
      carried: code !== undefined ? 'code' : passkey !== undefined ? 'passkey' : 'nothing',
      ...(via === undefined ? {} : { via }),
    },
  });
};
