import { AuthenticationError } from '../../domain/errors/index.ts';
import { LOCAL_AGENT, PERSON } from '../../domain/principal.ts';
import { type ApiKeys, keyPrincipal } from './apiKeys.ts';
import type { Links } from './links.ts';
import type { AssertionResponse } from './passkeyResponses.ts';
import type { BegunCeremony, Passkeys } from './passkeys.ts';
import type { PassphraseCheck } from './passphrase.ts';
import { sessionMark, type Via } from './records.ts';
import type { SecurityLog } from './securityLog.ts';
import type { OpenedSession, Sessions } from './sessions.ts';

/** The ways to open a session. Each throws AuthenticationError where the proof is not good. */
export interface Logins {
  /** As the person. @throws RateLimitError too many tries with a passphrase */
  byPassphrase(passphrase: string): Promise<OpenedSession>;
  beginPasskey(): Promise<BegunCeremony>;
  /** As the person. */
  byPasskey(flow: string, response: AssertionResponse): Promise<OpenedSession>;
  /** As the key, and no longer than it: this user's token and access tokens are no keys. */
  byKey(secret: string): Promise<OpenedSession>;
  /** As the local agent. @returns undefined for a link that is spent, expired or unknown. */
  byLink(code: string): Promise<OpenedSession | undefined>;
}

export type LoginsDeps = {
  readonly keys: ApiKeys;
  readonly sessions: Sessions;
  readonly passphrase: PassphraseCheck;
  readonly passkeys: Passkeys;
  readonly links: Links;
  readonly log: SecurityLog;
};

export const createLogins = ({ keys, sessions, passphrase, passkeys, links, log }: LoginsDeps): Logins => {
  const opened = async (via: Via, open: Parameters<Sessions['open']>[0]): Promise<OpenedSession> => {
    const session = await sessions.open(open);
    log.done('login accepted', {
      via,
      principal: session.session.principal,
      session: sessionMark(session.session),
    });
    return session;
  };
  const proven = async <T>(via: Via, proof: () => Promise<T>): Promise<T> => {
    try {
      return await proof();
    } catch (thrown) {
      log.refused('login refused', { via });
      throw thrown;
    }
  };

  return {
    byPassphrase: async (typed) => {
      await proven('passphrase', () => passphrase.demand(typed));
      return opened('passphrase', { principal: PERSON, via: 'passphrase' });
    },
    beginPasskey: () => passkeys.beginLogin(),
    byPasskey: async (flow, response) => {
      await proven('passkey', () => passkeys.login(flow, response));
      return opened('passkey', { principal: PERSON, via: 'passkey' });
    },
    byKey: async (secret) => {
      const key = await proven('key', async () => {
        const found = await keys.identify(secret);
        if (found !== undefined) return found;
        throw new AuthenticationError('This key was not accepted.', {
          hint: 'Ask whoever runs the server for a key: `claude-orchestrator keys create` makes one.',
        });
      });
      return opened('key', { principal: keyPrincipal(key), via: 'key', notAfter: key.expiresAt });
    },
    byLink: async (code) => {
      if (links.redeem(code)) return opened('link', { principal: LOCAL_AGENT, via: 'link' });
      log.refused('login refused', { via: 'link' });
      return undefined;
    },
  };
};
