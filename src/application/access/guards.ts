import { ForbiddenError } from '../../domain/errors/index.ts';
import { LOCAL_AGENT, may, PERSON, type Principal, type PrincipalId } from '../../domain/principal.ts';
import type { SecurityLog } from './securityLog.ts';

/** Who may do what with credentials. Each throws ForbiddenError, and the refusal is logged. */
export interface Guards {
  manageKeys(principal: Principal): void;
  /** A session opened by passkey or passphrase; an admin's key is no person. */
  person(id: PrincipalId): void;
  /** This user's own token itself. */
  makeLink(id: PrincipalId): void;
}

export const createGuards = (log: SecurityLog): Guards => {
  const refuse = (who: PrincipalId, needs: string, what: string, hint: string): never => {
    log.refused('role refused', { principal: who, needs, what });
    throw new ForbiddenError(`This credential may not ${what}.`, { hint });
  };
  return {
    manageKeys: (principal) => {
      if (may(principal, 'manage_keys')) return;
      refuse(
        principal.id,
        'admin',
        'manage keys',
        'Sign in with the passphrase or a passkey, or use an admin key: keys are for admins.',
      );
    },
    person: (id) => {
      if (id === PERSON.id) return;
      refuse(id, 'person', 'manage passkeys', 'Sign in with the passphrase or a passkey.');
    },
    makeLink: (id) => {
      if (id === LOCAL_AGENT.id) return;
      refuse(
        id,
        'local-agent',
        'make a link to the dashboard',
        'Run `claude-orchestrator dashboard` on the machine of the server.',
      );
    },
  };
};
