import type { Approval } from '../../../domain/approval.ts';
import { ForbiddenError } from '../../../domain/errors/index.ts';
import { PERSON } from '../../../domain/principal.ts';
import type { Decider } from '../approvals.ts';
import type { ApprovalRecord } from '../board/record.ts';
import type { OneTimeCodes } from './codes.ts';

/** Shows a person a new code for an open approval, and writes down that it was shown. @throws ForbiddenError */
export const showCode = async (
  { codes, record }: { readonly codes: OneTimeCodes; readonly record: ApprovalRecord },
  { principal, via, session }: Decider,
  asked: Approval,
): Promise<{ readonly code: string; readonly expiresAt: number }> => {
  if (principal.id !== PERSON.id || (via !== 'passphrase' && via !== 'passkey')) {
    await record.audit(asked, {
      type: 'approval.refused',
      actor: principal.id,
      detail: { why: 'only a person is shown a code' },
    });
    throw new ForbiddenError('Only a person is shown a code.', {
      hint: 'The person signs in with the passphrase or a passkey, or runs `claude-orchestrator approve` in a terminal.',
    });
  }
  const { code, expiresAt } = codes.show(asked.id);
  await record.audit(asked, {
    type: 'approval.code_shown',
    actor: principal.id,
    detail: { via, ...(session === undefined ? {} : { session }), expires_at: expiresAt },
  });
  return { code, expiresAt };
};
