import type { ErrorRecord } from '../task.ts';
import { type ErrorCode, OrchestratorError } from './base.ts';

/** A fault of ours. The message is shown without stack or paths; the cause goes to the log. */
export class InternalError extends OrchestratorError {
  override readonly code: ErrorCode = 'INTERNAL';
}

/** Any thrown value as one of ours, unchanged where it already is. */
export const toOrchestratorError = (thrown: unknown): OrchestratorError =>
  thrown instanceof OrchestratorError
    ? thrown
    : new InternalError('The orchestrator met a fault of its own.', {
        hint: 'Look at the server log for the cause; report it if it comes again.',
        cause: thrown,
      });

export const toErrorRecord = (thrown: unknown): ErrorRecord => toOrchestratorError(thrown).toRecord();
