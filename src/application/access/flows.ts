import type { Clock } from '../ports/system.ts';
import type { Secrets } from './ports.ts';

const FLOW_MS = 300_000;
const MAX_FLOWS = 200;

/** What a challenge was made for; it answers nothing else. */
export type Purpose = 'login' | 'register' | 'approval';

/** WebAuthn challenges that wait for their response: each is taken once, in time, for what it was made for. */
export interface Flows {
  /** @param owner the session that began it, by its hash, or the approval that is signed; undefined before a login. */
  begin(purpose: Purpose, challenge: string, owner: string | undefined): string;
  take(flow: string, purpose: Purpose, owner: string | undefined): string | undefined;
}

export const createFlows = (secrets: Secrets, clock: Clock): Flows => {
  const open = new Map<
    string,
    {
      readonly purpose: Purpose;
      readonly challenge: string;
      readonly owner: string | undefined;
      readonly ends: number;
    }
  >();
  return {
    begin: (purpose, challenge, owner) => {
      const now = clock.now();
      for (const [flow, { ends }] of open) if (ends <= now || open.size >= MAX_FLOWS) open.delete(flow);
      const flow = secrets.secret();
      open.set(flow, { purpose, challenge, owner, ends: now + FLOW_MS });
      return flow;
    },
    take: (flow, purpose, owner) => {
      const found = open.get(flow);
      open.delete(flow);
      if (found === undefined || clock.now() >= found.ends) return undefined;
      return found.purpose === purpose && found.owner === owner ? found.challenge : undefined;
    },
  };
};
