import packageJson from '../../package.json' with { type: 'json' };
import type { GateProof } from '../../src/application/enforcing/gateIdentity.ts';
import { DEFAULT_POLICY } from '../../src/domain/safety/policy/policy.ts';
import { createCanary } from '../../src/infrastructure/claude/canary/canary.ts';
import { createClaudeRuntime } from '../../src/infrastructure/claude/claudeRuntime.ts';
import { hashed } from '../../src/infrastructure/safety/hashed.ts';
import { createToolGate } from '../../src/infrastructure/safety/toolGate.ts';
import { randomIds } from '../../src/infrastructure/system/randomIds.ts';

/**
 * A proof as a server keeps it, for this machine's CLI and the built-in policy: each test has a state directory of
 * its own, and would otherwise wait four seconds for a canary. What a server without one does is tested by itself
 * (test/e2e/enforcement.test.ts, test/infrastructure/claude/canary.test.ts).
 */
export const gateProof = async (): Promise<GateProof> => {
  const canary = createCanary({
    gate: createToolGate({ protectedRoots: [] }),
    policyHash: () => hashed(DEFAULT_POLICY).hash,
    ids: randomIds,
    version: packageJson.version,
    settings: JSON.stringify(['off', []]),
    stateDir: '/nowhere',
    runtimeWith: (gate) =>
      createClaudeRuntime({
        configuredPath: undefined,
        sourceEnv: { PATH: process.env.PATH },
        passedEnv: [],
        settingSources: [],
        gate,
      }),
  });
  return { ...(await canary.identity()), provenAt: Date.now() };
};
