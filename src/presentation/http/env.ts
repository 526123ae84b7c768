import type { HttpBindings } from '@hono/node-server';
import type { Identity } from '../../application/access/access.ts';
import type { Orchestrator } from '../../application/api.ts';
import type { OrchestratorApi } from '../wire/api.ts';
import type { Surroundings } from '../wire/surroundings.ts';
import type { OwnApprovals } from './ownApprovals.ts';

/** What middleware leaves for the routes behind it. */
export type HttpEnv = {
  Bindings: HttpBindings;
  Variables: {
    requestId: string;
    /** Where the request comes from, a trusted proxy's word heard. */
    clientAddress: string;
    /** How the principal showed itself. Set with `identity`. */
    credential: 'header' | 'cookie';
    /** Set behind `authenticate`. */
    identity: Identity;
    /** Asks again whether the credential still belongs to the principal. Set with `identity`. */
    stillGood: () => Promise<boolean>;
    /** The orchestrator as the request's principal has it. */
    orchestrator: Orchestrator;
    api: OrchestratorApi;
    /** The approval desk as whoever asks has it. */
    approvals: OwnApprovals;
    /** What the words of answers need beside the orchestrator. */
    surroundings: Surroundings;
  };
};
