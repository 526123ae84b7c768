import { HTTPException } from 'hono/http-exception';
import { ERROR_CODES, toOrchestratorError } from '../../domain/errors/index.ts';
import { errorToWire } from '../wire/error.ts';
import { inertText } from '../wire/inertText.ts';
import type { Problem } from '../wire/problem.ts';
import { HttpRefusal, statusCode, statusTitle } from './refusal.ts';

/** RFC 9457: without a page of its own, a problem is what its status and `code` say. */
const TYPE = 'about:blank';

const refused = (status: number, message: string, hint: string): Problem => ({
  type: TYPE,
  title: statusTitle(status),
  status,
  detail: inertText(message, 1000),
  code: statusCode(status),
  hint,
  retryable: false,
});

/**
 * Any thrown value as a problem: never its stack, its cause, its context or a path of ours.
 * @param requestId left out inside a batch.
 */
export const problemOf = (thrown: unknown, requestId?: string): Problem => {
  const id = requestId === undefined ? {} : { request_id: requestId };
  if (thrown instanceof HttpRefusal) return { ...refused(thrown.status, thrown.message, thrown.hint), ...id };
  // The router's and its validators' own: a body that is no JSON, mostly.
  if (thrown instanceof HTTPException && thrown.status < 500) {
    return {
      ...refused(thrown.status, thrown.message || statusTitle(thrown.status), 'Correct the request.'),
      ...id,
    };
  }
  const error = toOrchestratorError(thrown);
  const { message, code, hint, retryable, retry_after_ms } = errorToWire(error);
  const status = ERROR_CODES[error.code].http;
  return {
    type: TYPE,
    title: statusTitle(status),
    status,
    detail: message,
    code,
    hint,
    retryable,
    ...(retry_after_ms === undefined ? {} : { retry_after_ms }),
    ...id,
  };
};
