import { type ErrorCode, OrchestratorError } from './base.ts';

export abstract class SafetyError extends OrchestratorError {}

/** The judge refuses the operation. */
export class DangerousOperationError extends SafetyError {
  override readonly code: ErrorCode = 'OPERATION_DANGEROUS';
}

/** A person said no. */
export class UserDeniedError extends SafetyError {
  override readonly code: ErrorCode = 'USER_DENIED';
}
