import type { Approval, ApprovalStatus } from '../../domain/approval.ts';
import type { ApprovalId, JobId } from '../../domain/ids.ts';
import type { Principal } from '../../domain/principal.ts';
import type { AssertionResponse } from '../access/passkeyResponses.ts';
import type { BegunCeremony } from '../access/passkeys.ts';
import type { Via } from '../access/records.ts';

/** Who decides, by the credential alone. `via` tells how a session was opened; undefined for a token or key. */
export type Decider = {
  readonly principal: Principal;
  readonly via: Via | 'elicitation' | undefined;
  /** Names the session, as the audit log has it at its login. */
  readonly session?: string | undefined;
};

export type DecisionInput = {
  readonly decision: 'approve' | 'deny';
  readonly reason: string;
  /** The one-time code that a person saw and told. */
  readonly code?: string | undefined;
  /** An assertion over `challenge`'s challenge, from the ceremony of that name. */
  readonly passkey?: { readonly flow: string; readonly response: AssertionResponse } | undefined;
  /** Good for so many runs of exactly this digest (1 to 100), or for runs within `validSeconds` (at most 3600). */
  readonly uses?: number | undefined;
  readonly validSeconds?: number | undefined;
};

export type ApprovalQuery = {
  readonly jobId?: JobId;
  readonly statuses?: readonly ApprovalStatus[];
  readonly limit: number;
  readonly cursor?: string;
};

/**
 * The deciders' side of the approval desk. Each method takes who asks: jobs of others do not exist for who may not
 * see them.
 */
export interface Approvals {
  list(
    who: Principal,
    query: ApprovalQuery,
  ): Promise<{ readonly approvals: readonly Approval[]; readonly nextCursor: string | undefined }>;
  /** @throws NotFoundError unknown, or of a job that `who` may not see. */
  get(who: Principal, id: ApprovalId): Promise<Approval>;
  /**
   * Decides once: of all that race one wins. With two approvers needed the first leaves it pending.
   * @throws ForbiddenError no right, or no proof of a person · ConflictError decided already, expired, cancelled,
   * job ended · UserDeniedError the fifth wrong code, which denies it · AuthenticationError a wrong code or passkey.
   */
  decide(who: Decider, id: ApprovalId, input: DecisionInput): Promise<Approval>;
  /** WebAuthn over this very approval, for whoever may see it. @throws NotFoundError, ConflictError decided already. */
  challenge(who: Decider, id: ApprovalId): Promise<BegunCeremony>;
  /**
   * A new one-time code for a person to tell; the one before is void.
   * @throws ForbiddenError for everyone but a person whose session a passphrase or passkey opened.
   */
  showCode(who: Decider, id: ApprovalId): Promise<{ readonly code: string; readonly expiresAt: number }>;
  /** Open ones of a job, oldest first; from memory. */
  open(jobId: JobId): readonly Approval[];
}
