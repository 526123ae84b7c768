import type { Approval, Channel } from '../../../domain/approval.ts';
import type { AuditEntry } from '../../../domain/audit.ts';
import { AuthenticationError, ForbiddenError } from '../../../domain/errors/index.ts';
import { maySteer, PERSON, type Principal, type PrincipalId } from '../../../domain/principal.ts';
import type { Decider, DecisionInput } from '../approvals.ts';
import type { ElicitationChoice } from '../elicitationChoice.ts';
import type { OneTimeCodes } from './codes.ts';
import type { PasskeyProof } from './passkeyProof.ts';
import { noProof } from './refusals.ts';

/** Who decided, by what, and what proves it to whoever reads the audit later. */
export type Proof = {
  readonly by: PrincipalId;
  readonly channel: Channel;
  readonly evidence: AuditEntry['detail'];
  /** Added to the reason that is stored. */
  readonly note?: string;
};

/** The code was wrong for the last time that was allowed. */
export class CodesExhausted {
  readonly carrier: PrincipalId;
  constructor(carrier: PrincipalId) {
    this.carrier = carrier;
  }
}

export type ProofDeps = {
  readonly codes: OneTimeCodes;
  readonly passkeys: PasskeyProof;
  /** What the person chose at `init`; read anew each time. */
  readonly elicitation: ElicitationChoice;
};

const holds = ({ roles }: Principal): boolean => roles.includes('approver') || roles.includes('admin');

const isPerson = ({ id }: Principal): boolean => id === PERSON.id;

/** The channel of whoever needs no proof beyond the credential. */
const channelOf = ({ principal, via }: Decider): Channel => {
  if (via === 'elicitation') return 'elicitation';
  if (isPerson(principal)) return via === 'passkey' ? 'passkey' : 'passphrase';
  return holds(principal) ? 'key' : 'agent';
};

/** Refusing is always safe: everyone may who may steer the job, or decides by role. */
const denial = (who: Decider, approval: Approval): Proof => {
  const { principal } = who;
  if (!maySteer(principal, approval.requestedBy) && !holds(principal)) {
    throw new ForbiddenError('This credential may not decide about approvals.', {
      hint: 'Use a credential with the role approver, or the one that submitted the job.',
    });
  }
  return { by: principal.id, channel: channelOf(who), evidence: {} };
};

/** Who may let a call run, and by what: the requester's word is never enough. */
const approval = async (
  deps: ProofDeps,
  who: Decider,
  asked: Approval,
  { code, passkey }: DecisionInput,
): Promise<Proof | CodesExhausted> => {
  const { principal, via, session } = who;
  if (passkey !== undefined) {
    const evidence = await deps.passkeys.prove(asked, passkey);
    return { by: PERSON.id, channel: 'passkey', evidence: { ...evidence, carrier: principal.id } };
  }
  if (code !== undefined) {
    const tried = deps.codes.take(asked.id, code);
    if (tried === 'locked') return new CodesExhausted(principal.id);
    if (tried === 'wrong') {
      throw new AuthenticationError('This code is wrong, used or too old.', {
        hint: 'Ask the person for the code that the approvals page or `claude-orchestrator approve` shows now; five wrong ones deny the call.',
      });
    }
    return {
      by: PERSON.id,
      channel: 'code',
      evidence: { carrier: principal.id },
      note: `told by code to ${principal.id}`,
    };
  }
  if (via === 'elicitation') {
    if (asked.risk === 'HIGH' && (await deps.elicitation.elicitationChoice()) === 'approve_high')
      return { by: principal.id, channel: 'elicitation', evidence: {} };
    throw noProof('What a client answers for its user can deny a call, not approve it.');
  }
  if (isPerson(principal)) {
    if (via === 'passphrase')
      return {
        by: PERSON.id,
        channel: 'passphrase',
        evidence: session === undefined ? {} : { session },
      };
    throw noProof(
      'A session that a passkey opened approves by a passkey too: this very approval must be signed.',
    );
  }
  if (principal.id === asked.requestedBy)
    throw noProof('Whoever submitted the job cannot approve its calls.');
  if (holds(principal)) return { by: principal.id, channel: 'key', evidence: {} };
  throw noProof('This credential cannot approve calls without the proof of a person.');
};

/**
 * What of a decision is proven.
 * @throws ForbiddenError no right, no proof of a person · AuthenticationError a wrong code or passkey.
 */
export const proofOf = async (
  deps: ProofDeps,
  who: Decider,
  asked: Approval,
  input: DecisionInput,
): Promise<Proof | CodesExhausted> =>
  input.decision === 'deny' ? denial(who, asked) : approval(deps, who, asked, input);
