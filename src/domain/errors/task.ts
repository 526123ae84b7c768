import { type ErrorCode, OrchestratorError } from './base.ts';

export abstract class TaskError extends OrchestratorError {}

/** What was asked does not make a valid plan. */
export class TaskValidationError extends TaskError {
  override readonly code: ErrorCode = 'TASK_VALIDATION';
}

/** The planner could not split the request. */
export class TaskDecompositionError extends TaskError {
  override readonly code: ErrorCode = 'TASK_DECOMPOSITION';
}

/** A worker ran, and the task was not done: red verification, refusal, budget, foreign branch. */
export class TaskExecutionError extends TaskError {
  override readonly code: ErrorCode = 'TASK_EXECUTION';
}
