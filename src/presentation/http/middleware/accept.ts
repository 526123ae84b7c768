import { createMiddleware } from 'hono/factory';
import { parseAccept } from 'hono/utils/accept';
import type { HttpEnv } from '../env.ts';
import { HttpRefusal } from '../refusal.ts';

/** Everything that the API answers with, somewhere. */
const TYPES = [
  'application/json',
  'application/problem+json',
  'text/event-stream',
  'text/x-diff',
  'text/plain',
  'text/html',
] as const;

const takes = (range: string): boolean =>
  range === '*/*' ||
  TYPES.some((type) => type === range || (range.endsWith('/*') && type.startsWith(range.slice(0, -1))));

/** 406 for who takes nothing that the API has. */
export const demandAcceptable = createMiddleware<HttpEnv>(async (c, next) => {
  const accept = c.req.header('Accept');
  const wanted = accept === undefined || accept.trim() === '' ? [] : parseAccept(accept);
  if (wanted.length > 0 && !wanted.some(({ type, q }) => q > 0 && takes(type.toLowerCase()))) {
    throw new HttpRefusal(
      406,
      'The server has no answer of an accepted type.',
      'Accept application/json, or text/event-stream where the endpoint streams.',
    );
  }
  await next();
});
