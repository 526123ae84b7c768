/** The client of the HTTP API, for programs: `claude-orchestrator/client`. */
export * from '../../domain/errors/index.ts';
export type {
  FollowOptions,
  JobEventsOptions,
  OrchestratorClient,
  TaskLogOptions,
} from './api.ts';
export { createClient } from './client.ts';
export type { ConnectionOptions } from './connection.ts';
export { ServerAnswerError, ServerUnreachableError } from './errors.ts';
