import type { Principal, PrincipalId } from '../../domain/principal.ts';
import type { AssertionResponse, RegistrationResponse } from './passkeyResponses.ts';
import type { ApiKey, Passkey, PassphraseRecord, Session, Via } from './records.ts';

/** Credentials at rest: hashes and public keys only. Every write is durable when it resolves. */
export interface CredentialStore {
  /** @throws ConflictError where the id is taken. */
  addKey(key: ApiKey): Promise<void>;
  /** Adds the successor and gives the old key its last moment, both or none. @throws ConflictError like `addKey` */
  replaceKey(oldId: string, oldExpiresAt: number, successor: ApiKey): Promise<void>;
  key(id: string): Promise<ApiKey | undefined>;
  keyBySha256(sha256: string): Promise<ApiKey | undefined>;
  /** Newest first, the revoked ones included. */
  keys(): Promise<readonly ApiKey[]>;
  /** A key that is revoked already keeps its time. */
  revokeKey(id: string, at: number): Promise<void>;
  touchKey(id: string, at: number): Promise<void>;

  /** @throws ConflictError where the credential is registered already. */
  addPasskey(passkey: Passkey): Promise<void>;
  passkey(id: string): Promise<Passkey | undefined>;
  /** Oldest first. */
  passkeys(): Promise<readonly Passkey[]>;
  /**
   * Writes the counter after a login, by compare-and-set on the one that the assertion was checked against.
   * @returns false where another login was first.
   */
  usePasskey(
    id: string,
    use: { readonly from: number; readonly to: number; readonly at: number },
  ): Promise<boolean>;
  /** @returns false where there was none. */
  removePasskey(id: string): Promise<boolean>;

  addSession(session: Session): Promise<void>;
  session(sha256: string): Promise<Session | undefined>;
  /** Ends one session. */
  endSession(sha256: string): Promise<void>;
  /** Ends all sessions of a principal that were opened this way, but for one. */
  endSessions(of: {
    readonly principal: PrincipalId;
    readonly via: Via;
    readonly except?: string;
  }): Promise<void>;
  /** Deletes what has ended by itself. */
  sweepSessions(now: number): Promise<void>;
}

/** Randomness and hashing of secrets that are random themselves. */
export interface Secrets {
  /** 256 bits, 43 characters of base64url. */
  secret(): string;
  /** 64 bits in hex: a name. */
  id(): string;
  /** SHA-256 in hex. */
  sha256(text: string): string;
  /** Compares two hex digests in a time that does not depend on where they differ. */
  same(a: string, b: string): boolean;
}

/** Where the passphrase's hash is kept. Read anew each time: `init` writes it from another process. */
export interface PassphraseFile {
  /** @throws ConfigurationError where others may write the file, or it is damaged. */
  read(): Promise<PassphraseRecord | undefined>;
  write(record: PassphraseRecord): Promise<void>;
}

export interface PassphraseHasher {
  make(passphrase: string, now: number): Promise<PassphraseRecord>;
  /** Does the same work where there is no record, and is then false. */
  matches(passphrase: string, record: PassphraseRecord | undefined): Promise<boolean>;
}

export type Ceremony = {
  /** For the browser's WebAuthn call, as JSON in WebAuthn's own names. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly challenge: string;
};

/** WebAuthn for one relying party. Everything that is not right about a response is `undefined`. */
export interface PasskeyVerifier {
  registration(known: readonly Passkey[]): Promise<Ceremony>;
  /** @param challenge base64url; a random one where none is given. */
  assertion(challenge?: string): Promise<Ceremony>;
  register(
    response: RegistrationResponse,
    challenge: string,
  ): Promise<Pick<Passkey, 'id' | 'publicKey' | 'counter' | 'transports'> | undefined>;
  /** @returns the authenticator's new counter. */
  verify(response: AssertionResponse, challenge: string, passkey: Passkey): Promise<number | undefined>;
}

/** Access tokens of the OAuth issuers that are listed. */
export interface AccessTokens {
  /** @returns undefined for every token that is not good, whatever is wrong with it. */
  verify(token: string): Promise<Principal | undefined>;
}
