import { type ErrorCode, OrchestratorError } from './base.ts';

/** What a caller, or the model API behind a worker, got wrong or cannot have now. */
export abstract class ApiError extends OrchestratorError {}

/** Credentials are missing or refused. */
export class AuthenticationError extends ApiError {
  override readonly code: ErrorCode = 'API_AUTHENTICATION';
}

/** The credential is good, its role is not enough for this call. */
export class ForbiddenError extends ApiError {
  override readonly code: ErrorCode = 'API_FORBIDDEN';
}

/** Too many calls, or a queue that is full: `retryAfterMs` says when to come again. */
export class RateLimitError extends ApiError {
  override readonly code: ErrorCode = 'API_RATE_LIMIT';
}

/** No such job, task or log for this caller. */
export class JobNotFoundError extends ApiError {
  override readonly code: ErrorCode = 'JOB_NOT_FOUND';
}

/** No such thing that is no job: a key, a passkey, a page. */
export class NotFoundError extends ApiError {
  override readonly code: ErrorCode = 'NOT_FOUND';
}

/** The state of the thing does not allow this call, or someone else was first. */
export class ConflictError extends ApiError {
  override readonly code: ErrorCode = 'CONFLICT';
}

/** A move that the transition table does not have. */
export class IllegalTransitionError extends ConflictError {
  constructor(kind: string, from: string, move: string) {
    super(`A ${kind} that is ${from} cannot ${move.replaceAll('_', ' ')}.`, {
      hint: 'Read the state with job_status and decide again.',
      context: { kind, from, move },
    });
  }
}
