import type { Approvals, Decider } from '../../application/approving/approvals.ts';
import type { ApprovalId } from '../../domain/ids.ts';

/** What of the approval desk only HTTP has: it is for a person's own proof. */
export type OwnApprovals = {
  challenge(id: ApprovalId): ReturnType<Approvals['challenge']>;
  showCode(id: ApprovalId): ReturnType<Approvals['showCode']>;
};

/** The desk as one caller has it: who decides comes from the credential, and from nothing that the request says. */
export const ownApprovals = (approvals: Approvals, who: Decider): OwnApprovals => ({
  challenge: (id) => approvals.challenge(who, id),
  showCode: (id) => approvals.showCode(who, id),
});
