import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import { AuthenticationError } from '../../../domain/errors/index.ts';
import type { HttpEnv } from '../env.ts';
import { HttpRefusal } from '../refusal.ts';
import { headerValues } from './rawHeaders.ts';

/** The cookie that a browser's session lives in. */
export const SESSION_COOKIE = 'co_session';

export type Credential = { readonly kind: 'header' | 'cookie'; readonly secret: string };

/** The one answer to every credential that is missing or not good: it never says which. */
export const unauthenticated = (): AuthenticationError =>
  new AuthenticationError('The request has no valid credential.', {
    hint: 'Send an API key as X-API-Key or as Authorization: Bearer, or sign in on the dashboard.',
  });

const ambiguous = (): HttpRefusal =>
  new HttpRefusal(400, 'The request has more than one credential.', 'Send one X-API-Key or one Bearer.');

const single = (c: Context<HttpEnv>, name: string): string | undefined => {
  const values = headerValues(c, name);
  if (values.length > 1) throw ambiguous();
  return values[0]?.trim();
};

/** @returns the secret of a Bearer; an empty one for any other scheme. */
const bearer = (header: string | undefined): string | undefined =>
  header === undefined ? undefined : (/^bearer +([\x21-\x7e]+)$/i.exec(header)?.[1] ?? '');

/** A cookie that came twice was planted for another path or host: neither is believed. */
const cookie = (c: Context<HttpEnv>): string | undefined => {
  const sent = headerValues(c, 'cookie').join(';');
  const times = sent.split(';').filter((pair) => pair.trim().startsWith(`${SESSION_COOKIE}=`)).length;
  return times === 1 ? getCookie(c, SESSION_COOKIE) : undefined;
};

/**
 * The one credential of a request; the session's cookie counts only where no header is given. An empty secret is
 * one that cannot be good.
 * @throws HttpRefusal (400) where there is more than one to choose from.
 */
export const credentialOf = (c: Context<HttpEnv>): Credential | undefined => {
  const key = single(c, 'x-api-key');
  const token = bearer(single(c, 'authorization'));
  if (key !== undefined && token !== undefined && key !== token) throw ambiguous();
  const secret = key ?? token;
  if (secret !== undefined) return { kind: 'header', secret };
  const session = cookie(c);
  return session === undefined ? undefined : { kind: 'cookie', secret: session };
};
