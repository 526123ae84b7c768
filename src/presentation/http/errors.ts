import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context } from 'hono';
import type { Logger } from '../../application/ports/logger.ts';
import type { HttpEnv } from './env.ts';
import { problemOf } from './problem.ts';
import { HttpRefusal } from './refusal.ts';

const PROBLEM = 'application/problem+json';

/**
 * Any thrown value as the answer `application/problem+json`, with `Retry-After` where the error says when to come
 * again. Headers that were set before stay.
 */
export const problemResponse = (c: Context<HttpEnv>, thrown: unknown): Response => {
  const problem = problemOf(thrown, c.get('requestId'));
  const headers = new Headers(thrown instanceof HttpRefusal ? thrown.headers : {});
  headers.set('Content-Type', PROBLEM);
  if (problem.retry_after_ms !== undefined) {
    headers.set('Retry-After', String(Math.max(1, Math.ceil(problem.retry_after_ms / 1000))));
  }
  return new Response(JSON.stringify(problem), { status: problem.status, headers });
};

/** The answer to whatever a route throws: faults of ours are logged with their cause, which nobody is shown. */
export const answerThrown =
  (logger: Logger) =>
  (thrown: unknown, c: Context<HttpEnv>): Response => {
    // A stream that is under way cannot become a problem: its client sees it end.
    if (c.env.outgoing?.headersSent === true) {
      c.env.outgoing.destroy();
      return new Response(null, RESPONSE_ALREADY_SENT);
    }
    const answer = problemResponse(c, thrown);
    if (answer.status >= 500) {
      logger.error('API', 'a request met a fault', {
        requestId: c.get('requestId'),
        status: answer.status,
        error: thrown instanceof Error ? thrown : new Error(String(thrown)),
      });
    }
    return answer;
  };
