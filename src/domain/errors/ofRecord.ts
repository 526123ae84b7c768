import type { ErrorRecord } from '../task.ts';
import {
  AuthenticationError,
  ConflictError,
  ForbiddenError,
  JobNotFoundError,
  NotFoundError,
  RateLimitError,
} from './api.ts';
import { ERROR_CODES, type ErrorCode, type ErrorOptions, type OrchestratorError } from './base.ts';
import { ConfigurationError, InvalidWorkspaceError, MissingDependencyError } from './configuration.ts';
import { InternalError } from './internal.ts';
import { FileSystemError, InsufficientResourcesError } from './resource.ts';
import { DangerousOperationError, UserDeniedError } from './safety.ts';
import { TaskDecompositionError, TaskExecutionError, TaskValidationError } from './task.ts';
import {
  WorkerCommunicationError,
  WorkerCrashError,
  WorkerSpawnError,
  WorkerTimeoutError,
} from './worker.ts';

export type ErrorClass = new (message: string, options: ErrorOptions) => OrchestratorError;

const CLASSES = {
  CONFIGURATION_INVALID: ConfigurationError,
  WORKSPACE_INVALID: InvalidWorkspaceError,
  DEPENDENCY_MISSING: MissingDependencyError,
  WORKER_SPAWN: WorkerSpawnError,
  WORKER_TIMEOUT: WorkerTimeoutError,
  WORKER_CRASH: WorkerCrashError,
  WORKER_COMMUNICATION: WorkerCommunicationError,
  TASK_VALIDATION: TaskValidationError,
  TASK_DECOMPOSITION: TaskDecompositionError,
  TASK_EXECUTION: TaskExecutionError,
  API_AUTHENTICATION: AuthenticationError,
  API_FORBIDDEN: ForbiddenError,
  API_RATE_LIMIT: RateLimitError,
  JOB_NOT_FOUND: JobNotFoundError,
  NOT_FOUND: NotFoundError,
  CONFLICT: ConflictError,
  OPERATION_DANGEROUS: DangerousOperationError,
  USER_DENIED: UserDeniedError,
  RESOURCES_INSUFFICIENT: InsufficientResourcesError,
  FILE_SYSTEM: FileSystemError,
  INTERNAL: InternalError,
} as const satisfies Record<ErrorCode, ErrorClass>;

const isCode = (code: string): code is ErrorCode => Object.hasOwn(ERROR_CODES, code);

/** @returns the class of a code; undefined for one that this version does not know. */
export const errorClassOf = (code: string): ErrorClass | undefined =>
  isCode(code) ? CLASSES[code] : undefined;

/** An error that another process of ours told as a record, to be thrown again here. */
export const errorOfRecord = ({ code, message, hint, retryable }: ErrorRecord): OrchestratorError =>
  new (errorClassOf(code) ?? InternalError)(message, { hint, retryable });
