import type { Principal } from '../../domain/principal.ts';
import type { Via } from './records.ts';

/** A credential that was good. */
export type Identity = {
  readonly principal: Principal;
  /** What requests are counted by; undefined for this user's own token, which has no limit. */
  readonly limitKey: string | undefined;
  /** How the session was opened; absent for a token or key. */
  readonly via?: Via;
  /** Names the session as its login does in the audit log; absent for a token or key. */
  readonly session?: string;
};

/** Tells who a credential belongs to. Nothing here says why one was refused: all refusals are alike. */
export interface Access {
  /** The same-user token, an API key, or an access token of a listed issuer. */
  identify(secret: string): Promise<Identity | undefined>;
  /** A browser's session, by the secret in its cookie. */
  session(secret: string): Promise<Identity | undefined>;
}
