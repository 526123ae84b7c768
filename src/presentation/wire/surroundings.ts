import type { JobView } from '../../application/api.ts';
import type { ElicitationChoice } from '../../application/approving/elicitationChoice.ts';

/** By whom and where an approval is decided, as far as an answer names it. */
export type Approvers = {
  /** Where a person finds the approvals' page, without a slash at the end; undefined where there is none. */
  readonly publicUrl: string | undefined;
  /** False where nobody has set a passphrase or passkey yet: nobody can approve as a person then. */
  readonly personIsSet: boolean;
};

/** What stands around an orchestrator, and is no part of it. */
export type Surroundings = {
  readonly publicUrl?: string | undefined;
  readonly personIsSet?: (() => Promise<boolean>) | undefined;
  /** What a client's form may do; without it, deny. */
  readonly elicitation?: ElicitationChoice | undefined;
};

/** Where nothing is known, nothing is missing. */
export const NO_APPROVERS: Approvers = { publicUrl: undefined, personIsSet: true };

/** @param views asked for only where one of them has an open approval. */
export const approversFor = async (
  { publicUrl, personIsSet }: Surroundings,
  ...views: readonly Pick<JobView, 'approvals'>[]
): Promise<Approvers> =>
  views.some(({ approvals = [] }) => approvals.length > 0)
    ? { publicUrl, personIsSet: (await personIsSet?.()) ?? true }
    : NO_APPROVERS;
