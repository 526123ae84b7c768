import type { Orchestrator } from '../../application/api.ts';

/** Opens the orchestrator; called again at each use, so it has to remember what it opened. */
export type OrchestratorProvider = () => Promise<Orchestrator>;
