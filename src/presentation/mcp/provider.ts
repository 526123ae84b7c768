import type { OrchestratorApi } from '../wire/api.ts';

/** Opens the orchestrator; called again at each use, so it has to remember what it opened. */
export type ApiProvider = () => Promise<OrchestratorApi>;
