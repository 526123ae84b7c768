import {
  ERROR_CODES,
  type ErrorCode,
  errorClassOf,
  MissingDependencyError,
  OrchestratorError,
} from '../../domain/errors/index.ts';
import type { Problem } from '../wire/problem.ts';

/** No answer came from the server: it does not run, it cannot be reached, or the connection broke. */
export class ServerUnreachableError extends MissingDependencyError {
  /** @param what how it went wrong, in a few words. */
  constructor(url: string, what: string, cause?: unknown) {
    super(`The orchestrator at ${url} cannot be reached: ${what}.`, {
      hint: `Check that the server runs and that ${url} is its address; \`claude-orchestrator serve\` starts it here.`,
      retryable: true,
      context: { url },
      cause,
    });
  }
}

/** An answer that this version does not understand: an unknown code, or not the promised shape. */
export class ServerAnswerError extends OrchestratorError {
  override readonly code: ErrorCode = 'INTERNAL';
}

/** What the server says of an error, as the class that it was there. */
export const errorOfProblem = (problem: Problem): OrchestratorError => {
  const { code, detail, hint, retryable, retry_after_ms: retryAfterMs } = problem;
  const ErrorOfCode = errorClassOf(code) ?? ServerAnswerError;
  return new ErrorOfCode(detail, {
    hint,
    retryable,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    context: { code, status: problem.status, requestId: problem.request_id },
  });
};

/** True where the same call may go well later: streams then open anew. */
export const isPassing = (error: unknown): boolean =>
  error instanceof OrchestratorError &&
  (error.retryable || (ERROR_CODES[error.code].http > 500 && !(error instanceof ServerAnswerError)));
