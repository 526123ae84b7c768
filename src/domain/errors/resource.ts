import { type ErrorCode, OrchestratorError } from './base.ts';

export abstract class ResourceError extends OrchestratorError {}

/** Memory, disk or places are used up. */
export class InsufficientResourcesError extends ResourceError {
  override readonly code: ErrorCode = 'RESOURCES_INSUFFICIENT';
}

/** A file or git operation failed. */
export class FileSystemError extends ResourceError {
  override readonly code: ErrorCode = 'FILE_SYSTEM';
}
