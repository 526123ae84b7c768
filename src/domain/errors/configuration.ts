import { OrchestratorError } from './base.ts';

/** A setting is wrong. Every problem is in the message at once. */
export class ConfigurationError extends OrchestratorError {
  override readonly code: 'CONFIGURATION_INVALID' | 'WORKSPACE_INVALID' | 'DEPENDENCY_MISSING' =
    'CONFIGURATION_INVALID';
}

/** The folder that a job should work in cannot be used. */
export class InvalidWorkspaceError extends ConfigurationError {
  override readonly code = 'WORKSPACE_INVALID';
}

/** A program that the work needs (git, the Claude CLI) is not there. */
export class MissingDependencyError extends ConfigurationError {
  override readonly code = 'DEPENDENCY_MISSING';
}
