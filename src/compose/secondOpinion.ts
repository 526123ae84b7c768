import { type PolicedGate, withSecondOpinion } from '../application/enforcing/secondOpinion.ts';
import type { ToolGate } from '../application/ports/gate.ts';
import type { Logger } from '../application/ports/logger.ts';
import { createOpinionAsker } from '../infrastructure/claude/opinionAsker.ts';
import type { Config } from '../infrastructure/config/schema.ts';
import { randomIds } from '../infrastructure/system/randomIds.ts';
import { systemClock } from '../infrastructure/system/systemClock.ts';

/**
 * The gate as workers meet it: with a model's second opinion where the operator named a model. The asker has no
 * tools, so it comes through no gate itself, and it does not wait for the gate's proof, which is about tools.
 * @param signal aborts when the server stops.
 */
export const secondOpinionOver = (
  gate: ToolGate & PolicedGate,
  {
    config,
    env,
    logger,
    signal,
  }: {
    readonly config: Pick<Config, 'secondOpinion' | 'claudePath' | 'workerEnv' | 'stateDir'>;
    readonly env: NodeJS.ProcessEnv;
    readonly logger: Logger;
    readonly signal: AbortSignal;
  },
): ToolGate => {
  if (config.secondOpinion === 'off') return gate;
  const asker = createOpinionAsker({
    model: config.secondOpinion,
    configuredPath: config.claudePath,
    sourceEnv: env,
    passedEnv: config.workerEnv,
    folder: config.stateDir,
    ids: randomIds,
    logger,
  });
  return withSecondOpinion(gate, asker, { clock: systemClock, logger, signal });
};
