import { type ErrorCode, OrchestratorError } from './base.ts';

/** Something went wrong with a `claude` process, as opposed to with its task. */
export abstract class WorkerError extends OrchestratorError {}

/** The process could not be started. */
export class WorkerSpawnError extends WorkerError {
  override readonly code: ErrorCode = 'WORKER_SPAWN';
}

/** The deadline passed while the process lived. */
export class WorkerTimeoutError extends WorkerError {
  override readonly code: ErrorCode = 'WORKER_TIMEOUT';
}

/** The process ended before its result. */
export class WorkerCrashError extends WorkerError {
  override readonly code: ErrorCode = 'WORKER_CRASH';
}

/** The process speaks, but not the protocol. */
export class WorkerCommunicationError extends WorkerError {
  override readonly code: ErrorCode = 'WORKER_COMMUNICATION';
}
