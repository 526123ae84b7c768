import type { HttpBindings } from '@hono/node-server';
import type { Identity } from '../../application/access/access.ts';
import type { Orchestrator } from '../../application/api.ts';
import type { OrchestratorApi } from '../wire/api.ts';

/** What middleware leaves for the routes behind it. */
export type HttpEnv = {
  Bindings: HttpBindings;
  Variables: {
    requestId: string;
    /** Set behind `authenticate`. */
    identity: Identity;
    /** The orchestrator as the request's principal has it. */
    orchestrator: Orchestrator;
    api: OrchestratorApi;
  };
};
