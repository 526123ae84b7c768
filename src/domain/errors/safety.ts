import { type ErrorCode, OrchestratorError } from './base.ts';

export abstract class SafetyError extends OrchestratorError {}

/**
 * The judge refuses the operation. Workers are told so in words today; callers of the faces get it thrown.
 * @public
 */
export class DangerousOperationError extends SafetyError {
  override readonly code: ErrorCode = 'OPERATION_DANGEROUS';
}

/** A person said no. */
export class UserDeniedError extends SafetyError {
  override readonly code: ErrorCode = 'USER_DENIED';
}
