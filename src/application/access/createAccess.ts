import { LOCAL_AGENT, PERSON, type Principal, type PrincipalId } from '../../domain/principal.ts';
import { type AuditFeed, noFeed } from '../auditing/feed.ts';
import type { Logger } from '../ports/logger.ts';
import type { Clock } from '../ports/system.ts';
import type { Access } from './access.ts';
import { type ApiKeys, createApiKeys, KEY_PREFIX, keyPrincipal } from './apiKeys.ts';
import { createFlows } from './flows.ts';
import { createGuards } from './guards.ts';
import { createLinks } from './links.ts';
import { createLogins, type Logins } from './logins.ts';
import type { RegistrationResponse } from './passkeyResponses.ts';
import { type BegunCeremony, createPasskeys } from './passkeys.ts';
import { createPassphraseCheck } from './passphrase.ts';
import type {
  AccessTokens,
  CredentialStore,
  PasskeyVerifier,
  PassphraseFile,
  PassphraseHasher,
  Secrets,
} from './ports.ts';
import { type Passkey, type Session, sessionMark } from './records.ts';
import { securityLog } from './securityLog.ts';
import { createSessions } from './sessions.ts';

export type AccessDeps = {
  readonly store: CredentialStore;
  readonly secrets: Secrets;
  readonly passphraseFile: PassphraseFile;
  readonly hasher: PassphraseHasher;
  readonly passkeys: PasskeyVerifier;
  /** Undefined where no issuer is listed. */
  readonly tokens: AccessTokens | undefined;
  /** This user's own token, made anew at each start of the server. */
  readonly localToken: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Gets what is kept for ever. */
  readonly audit?: AuditFeed;
};

export type PersonState = { readonly passphraseSet: boolean; readonly passkeys: number };

/** The person's passkeys. All but the list ask for the passphrase; all ask for a person's session. */
export interface OwnPasskeys {
  list(session: Session): Promise<readonly Passkey[]>;
  begin(session: Session, passphrase: string): Promise<BegunCeremony>;
  /** What `begin` allowed; its flow is the proof that the passphrase was given. */
  add(session: Session, flow: string, label: string, response: RegistrationResponse): Promise<Passkey>;
  /** Other sessions that passkeys opened end with it. @param secret the session's own. */
  remove(session: Session, secret: string, id: string, passphrase: string): Promise<void>;
}

/** Everything about credentials, for the faces that manage them. */
export interface AccessControl extends Access {
  readonly logins: Logins;
  readonly passkeys: OwnPasskeys;
  /** @throws ForbiddenError where the principal may not manage keys. */
  keysFor(principal: Principal): Omit<ApiKeys, 'identify'>;
  /** @returns the code of a one-time link. @throws ForbiddenError for everyone but this user's token. */
  makeLink(principal: Principal): string;
  /** @throws ForbiddenError for everyone but the person. */
  demandPerson(id: PrincipalId): void;
  sessionOf(secret: string): Promise<Session | undefined>;
  logout(secret: string): Promise<void>;
  personState(): Promise<PersonState>;
}

/** Puts the credentials together. */
export const createAccess = (deps: AccessDeps): AccessControl => {
  const { store, secrets, clock, tokens } = deps;
  const log = securityLog(deps.logger, deps.audit ?? noFeed);
  const guards = createGuards(log);
  const passphrase = createPassphraseCheck({ file: deps.passphraseFile, hasher: deps.hasher, clock, log });
  const sessions = createSessions({
    store,
    secrets,
    clock,
    // A new passphrase ends what the old one opened; so does its removal.
    stillStands: async ({ via, createdAt }) =>
      via !== 'passphrase' || ((await passphrase.setAt()) ?? Number.POSITIVE_INFINITY) <= createdAt,
  });
  const endSessions = (id: Principal['id']): Promise<void> => sessions.endAll(id, 'key');
  const keys = createApiKeys({ store, secrets, clock, log, endSessions });
  const flows = createFlows(secrets, clock);
  const passkeys = createPasskeys({ store, verifier: deps.passkeys, flows, clock, log });
  const links = createLinks(secrets, clock);
  const localHash = secrets.sha256(deps.localToken);

  const demand = async (typed: string): Promise<void> => {
    try {
      await passphrase.demand(typed);
    } catch (thrown) {
      log.refused('passphrase refused', { principal: PERSON.id });
      throw thrown;
    }
  };

  return {
    logins: createLogins({ keys, sessions, passphrase, passkeys, links, log }),
    identify: async (secret) => {
      // First and without a look at the form: the most frequent one, and always compared.
      if (secrets.same(secrets.sha256(secret), localHash))
        return { principal: LOCAL_AGENT, limitKey: undefined };
      if (secret.startsWith(KEY_PREFIX)) {
        const key = await keys.identify(secret);
        return key === undefined ? undefined : counted(keyPrincipal(key));
      }
      const principal = await tokens?.verify(secret);
      return principal === undefined ? undefined : counted(principal);
    },
    session: async (secret) => {
      const session = await sessions.find(secret);
      if (session === undefined) return undefined;
      const principal = { id: session.principal, roles: session.roles };
      const how = { via: session.via, session: sessionMark(session) };
      return session.via === 'key'
        ? { ...counted(principal), ...how }
        : { principal, limitKey: undefined, ...how };
    },
    demandPerson: (id) => guards.person(id),
    sessionOf: (secret) => sessions.find(secret),
    logout: (secret) => sessions.close(secret),
    personState: async () => ({
      passphraseSet: (await passphrase.setAt()) !== undefined,
      passkeys: (await store.passkeys()).length,
    }),
    keysFor: (principal) => {
      guards.manageKeys(principal);
      return keys;
    },
    makeLink: (principal) => {
      guards.makeLink(principal.id);
      log.done('link made');
      return links.make();
    },
    passkeys: {
      list: async (session) => {
        guards.person(session.principal);
        return passkeys.list();
      },
      begin: async (session, typed) => {
        guards.person(session.principal);
        await demand(typed);
        return passkeys.beginRegistration(session);
      },
      add: async (session, flow, label, response) => {
        guards.person(session.principal);
        return passkeys.register(session, flow, label, response);
      },
      remove: async (session, secret, id, typed) => {
        guards.person(session.principal);
        await demand(typed);
        await passkeys.remove(id);
        await sessions.endAll(PERSON.id, 'passkey', secret);
      },
    },
  };
};

/** Counted by the principal, so that a key and a session that it opened have one limit. */
const counted = (principal: Principal) => ({ principal, limitKey: principal.id });
