import { createHash } from 'node:crypto';
import { canonicalJson } from '../../application/canonicalJson.ts';
import type { Policy, PolicyRules } from '../../domain/safety/policy/policy.ts';

/** The policy with its own hash: SHA-256 in hex over the canonical JSON of its rules. */
export const hashed = (policy: PolicyRules): Policy => {
  const { levels, rules, dualControl, hosts, mcp, readRoots } = policy;
  // By name: what is laid over a hashed policy still carries the old hash.
  const whole: PolicyRules = { levels, rules, dualControl, hosts, mcp, readRoots };
  return { ...whole, hash: createHash('sha256').update(canonicalJson(whole)).digest('hex') };
};
