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

type Make = new (message: string, options: ErrorOptions) => OrchestratorError;

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
} as const satisfies Record<ErrorCode, Make>;

const isCode = (code: string): code is ErrorCode => Object.hasOwn(ERROR_CODES, code);

/** An error as another process of ours told it, thrown again here. A code of a newer version is an InternalError. */
export const errorOfRecord = ({
  code,
  message,
  hint,
  retryable,
  retryAfterMs,
}: ErrorRecord & { readonly retryAfterMs?: number | undefined }): OrchestratorError => {
  const Class: Make = isCode(code) ? CLASSES[code] : InternalError;
  return new Class(message, { hint, retryable, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
};
