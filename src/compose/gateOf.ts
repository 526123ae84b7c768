import { homedir } from 'node:os';
import path from 'node:path';
import type { Logger } from '../application/ports/logger.ts';
import type { Config } from '../infrastructure/config/schema.ts';
import { type PolicySource, policySource } from '../infrastructure/safety/policySource.ts';
import { createToolGate, type ExplainingGate } from '../infrastructure/safety/toolGate.ts';

export type PolicyPlace = Pick<Config, 'policy' | 'configDir'>;

/** What says how the orchestrator works and what is allowed: no worker may touch it, there or not. */
const ownFiles = ({ policy, configDir }: PolicyPlace): readonly string[] => [
  ...['config.json', '.env', 'policy.yaml', 'policy.yml', 'policy.json'].map((name) =>
    path.join(configDir, name),
  ),
  ...(policy === undefined ? [] : [policy]),
];

/** The gate by the policy of this machine, whatever its file says at the time of each call. */
export const gateOf = (
  config: PolicyPlace & Pick<Config, 'stateDir'>,
  policies: Pick<PolicySource, 'current'>,
  o: { readonly onWarning: (text: string) => void; readonly ownByHead?: boolean },
): ExplainingGate =>
  createToolGate({
    protectedRoots: [config.stateDir, ...ownFiles(config)],
    policy: policies.current,
    home: homedir(),
    ...o,
  });

export type PolicyHeard = (seen: { readonly hash: string; readonly source: string }) => void;

/**
 * The policy of this machine for a server.
 * @param heard hears which one holds: at the start, and whenever another one does.
 * @throws ConfigurationError where its file is wrong.
 */
export const policiesOf = (config: PolicyPlace, logger: Logger, heard: PolicyHeard): PolicySource => {
  const source = (): string => policies.file() ?? 'built-in';
  const policies = policySource({
    file: config.policy,
    configDir: config.configDir,
    onChanged: (hash, previous) => {
      logger.info('SECURITY', 'the policy has changed', { hash, previous, source: source() });
      heard({ hash, source: source() });
    },
    onProblem: (error) =>
      logger.error('SECURITY', 'the changed policy is not in force: the one before goes on', {
        error: error instanceof Error ? error : new Error(String(error)),
      }),
  });
  heard({ hash: policies.current().hash, source: source() });
  return policies;
};
