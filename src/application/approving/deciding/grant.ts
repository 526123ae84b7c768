import type { Approval } from '../../../domain/approval.ts';
import { ForbiddenError, TaskValidationError } from '../../../domain/errors/index.ts';
import { PERSON } from '../../../domain/principal.ts';
import type { Clock } from '../../ports/system.ts';
import type { Decider, DecisionInput } from '../approvals.ts';

const MOST_USES = 100;
const LONGEST_GRANT_SECONDS = 3_600;
/** A grant by time alone is not counted. */
const UNCOUNTED = 1_000_000;

/** How long and how often an approval is good. */
export const granted = (
  { decision, uses, validSeconds }: DecisionInput,
  { clock, expiryMs }: { readonly clock: Clock; readonly expiryMs: number },
): Partial<Approval> =>
  decision === 'deny'
    ? {}
    : {
        usesLeft: uses ?? (validSeconds === undefined ? 1 : UNCOUNTED),
        // A worker that is parked needs its time to come back for it.
        expiresAt: clock.now() + (validSeconds === undefined ? expiryMs : validSeconds * 1_000),
      };

/**
 * More than one run only from whoever says so by their own credential: neither a code nor what a passkey signs
 * tells how much the person agreed to.
 * @throws TaskValidationError a grant that cannot be · ForbiddenError more than this proof or risk allows.
 */
export const checkGrant = (
  { risk }: Approval,
  { principal }: Decider,
  { decision, code, passkey, uses, validSeconds }: DecisionInput,
): void => {
  const within = (value: number | undefined, most: number): boolean =>
    value === undefined || (Number.isInteger(value) && value >= 1 && value <= most);
  if (!within(uses, MOST_USES) || !within(validSeconds, LONGEST_GRANT_SECONDS)) {
    throw new TaskValidationError('An approval is good for 1 to 100 uses, or for 1 to 3600 seconds.', {
      hint: 'Leave uses and valid_seconds out to approve this one call.',
    });
  }
  if (decision === 'deny' || ((uses ?? 1) === 1 && validSeconds === undefined)) return;
  if (code !== undefined) {
    // Whoever carries it is the one who asked, and the person who told it knows of one run.
    throw new ForbiddenError('A code approves one call, once.', {
      hint: 'Leave uses and valid_seconds out, or have the person decide on the page.',
    });
  }
  if (passkey !== undefined && principal.id !== PERSON.id) {
    throw new ForbiddenError('A passkey that somebody else carries approves one call, once.', {
      hint: 'Leave uses and valid_seconds out, or sign in with the passkey or the passphrase first.',
    });
  }
  if (risk === 'CRITICAL') {
    throw new ForbiddenError('A CRITICAL call is approved once, and no more.', {
      hint: 'Leave uses and valid_seconds out.',
    });
  }
};
