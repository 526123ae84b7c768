import type { AuditTrail } from '../application/auditing/ports.ts';
import { Enforcement } from '../application/enforcing/enforcement.ts';
import type { Canary } from '../application/enforcing/ports.ts';
import type { ToolGate } from '../application/ports/gate.ts';
import type { Logger } from '../application/ports/logger.ts';
import { createCanary } from '../infrastructure/claude/canary/canary.ts';
import type { Config } from '../infrastructure/config/schema.ts';
import type { PolicySource } from '../infrastructure/safety/policySource.ts';
import { proofFileIn } from '../infrastructure/safety/proofFile.ts';
import { randomIds } from '../infrastructure/system/randomIds.ts';
import { systemClock } from '../infrastructure/system/systemClock.ts';
import { workerRuntimeOf } from './adapters.ts';
import { version } from './thisProcess.ts';

type Parts = {
  readonly config: Config;
  readonly env: NodeJS.ProcessEnv;
  readonly gate: ToolGate;
  readonly policies: Pick<PolicySource, 'current'>;
};

/** A worker like all others, over a gate that fails where the canary wants it to. */
export const canaryOf = ({ config, env, gate, policies }: Parts): Canary =>
  createCanary({
    runtimeWith: (over, hookTimeoutSeconds) => workerRuntimeOf(config, env, over, hookTimeoutSeconds),
    gate,
    policyHash: () => policies.current().hash,
    ids: randomIds,
    version,
    settings: JSON.stringify([config.sandbox, config.workerSettings]),
    stateDir: config.stateDir,
  });

export const enforcementOf = (
  parts: Parts & { readonly audit: Pick<AuditTrail, 'append'>; readonly logger: Logger },
): Enforcement =>
  new Enforcement({
    canary: canaryOf(parts),
    file: proofFileIn(parts.config.stateDir),
    audit: parts.audit,
    clock: systemClock,
    logger: parts.logger,
  });
