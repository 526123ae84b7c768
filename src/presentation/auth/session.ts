import type { Context } from 'hono';
import { deleteCookie, setCookie } from 'hono/cookie';
import type { Identity } from '../../application/access/access.ts';
import type { AccessControl } from '../../application/access/createAccess.ts';
import type { Session } from '../../application/access/records.ts';
import type { OpenedSession } from '../../application/access/sessions.ts';
import type { HttpSettings } from '../http/deps.ts';
import type { HttpEnv } from '../http/env.ts';
import { credentialOf, SESSION_COOKIE, unauthenticated } from '../http/middleware/credentials.ts';
import type { OpenStreams } from '../http/openStreams.ts';
import { type SessionAnswer, sessionToWire } from '../wire/session.ts';

/** What the routes of `/auth` work with. */
export type AuthDeps = {
  readonly access: AccessControl;
  readonly settings: Pick<HttpSettings, 'publicUrl'>;
  /** A session that has ended hears nothing any more. */
  readonly streams: Pick<OpenStreams, 'endSpent'>;
};

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Over TLS the cookie never goes in the clear; plain http on this machine must still work behind a TLS proxy. */
const isSecure = (c: Context<HttpEnv>, { publicUrl }: AuthDeps['settings']): boolean => {
  const { protocol, hostname } = new URL(c.req.url);
  return protocol === 'https:' || (publicUrl.startsWith('https:') && !LOOPBACK.has(hostname));
};

/** The secret of the session's cookie; undefined where the request shows another credential. */
const cookieOf = (c: Context<HttpEnv>): string | undefined => {
  const credential = credentialOf(c);
  return credential?.kind === 'cookie' ? credential.secret : undefined;
};

export type OpenSession = { readonly session: Session; readonly secret: string };

export const currentSession = async (
  c: Context<HttpEnv>,
  { access }: AuthDeps,
): Promise<OpenSession | undefined> => {
  const secret = cookieOf(c);
  const session = secret === undefined ? undefined : await access.sessionOf(secret);
  return session === undefined || secret === undefined ? undefined : { session, secret };
};

/**
 * The session of a person.
 * @throws AuthenticationError nobody · ForbiddenError somebody else: an agent's token, a key, a link's session
 */
export const personsSession = async (c: Context<HttpEnv>, deps: AuthDeps): Promise<OpenSession> => {
  const open = await currentSession(c, deps);
  const identity: Identity | undefined = c.get('identity');
  const id = open?.session.principal ?? identity?.principal.id;
  if (id === undefined) throw unauthenticated();
  deps.access.demandPerson(id);
  if (open === undefined) throw unauthenticated();
  return open;
};

export const sessionAnswer = async (session: Session, { access }: AuthDeps): Promise<SessionAnswer> =>
  sessionToWire(session, await access.personState());

/** Ends the session that the browser has, if any, and what it had opened. */
const close = async (c: Context<HttpEnv>, deps: AuthDeps): Promise<void> => {
  const open = await currentSession(c, deps);
  if (open === undefined) return;
  await deps.access.logout(open.secret);
  await deps.streams.endSpent(open.session.principal);
};

/** Gives the browser its new session; the one that it had before ends. */
export const enter = async (c: Context<HttpEnv>, deps: AuthDeps, opened: OpenedSession): Promise<void> => {
  await close(c, deps);
  const { createdAt, expiresAt } = opened.session;
  setCookie(c, SESSION_COOKIE, opened.secret, {
    path: '/',
    httpOnly: true,
    sameSite: 'Strict',
    secure: isSecure(c, deps.settings),
    maxAge: Math.max(1, Math.floor((expiresAt - createdAt) / 1000)),
  });
};

/** Ends the browser's session, if it has one. */
export const leave = async (c: Context<HttpEnv>, deps: AuthDeps): Promise<void> => {
  await close(c, deps);
  deleteCookie(c, SESSION_COOKIE, { path: '/', secure: isSecure(c, deps.settings) });
};
