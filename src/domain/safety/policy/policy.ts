import type { Decision, Risk } from '../verdict.ts';
import type { PolicyFile, PolicyRule } from './schema.ts';

/** One file's say on hosts; the strictest of all files counts. */
export type HostLayer = {
  readonly allow: readonly string[];
  readonly deny: readonly string[];
  readonly unknown: Decision;
};

/** What is allowed, asked and denied: files read, a repository's laid over the machine's. */
export type PolicyRules = {
  readonly levels: Readonly<Record<Risk, Decision>>;
  readonly rules: readonly PolicyRule[];
  /** CRITICAL codes that two approvers together may grant. */
  readonly dualControl: readonly string[];
  /** The machine's first; what is listed there as allowed lowers the risk, in others it only escapes `unknown`. */
  readonly hosts: readonly HostLayer[];
  readonly mcp: { readonly readOnly: readonly string[]; readonly destructive: readonly string[] };
  /** Absolute folders that workers may read besides their own. */
  readonly readRoots: readonly string[];
};

/** A policy as the judge takes it: approvals are bound to the very one that they were asked under. */
export type Policy = PolicyRules & {
  /** SHA-256 in hex of the rules. */
  readonly hash: string;
};

/** The specification's table. */
export const DEFAULT_POLICY: PolicyRules = {
  levels: { SAFE: 'allow', LOW: 'allow', MEDIUM: 'allow', HIGH: 'ask', CRITICAL: 'deny' },
  rules: [],
  dualControl: [],
  hosts: [{ allow: [], deny: [], unknown: 'allow' }],
  mcp: { readOnly: [], destructive: [] },
  readRoots: [],
};

export const hostLayer = (hosts: PolicyFile['hosts']): HostLayer => ({
  allow: hosts?.allow ?? [],
  deny: hosts?.deny ?? [],
  unknown: hosts?.unknown ?? 'allow',
});

/** The machine's own policy over the default one. */
export const policyOf = (file: PolicyFile): PolicyRules => ({
  levels: { ...DEFAULT_POLICY.levels, ...given(file.levels ?? {}) },
  rules: file.rules ?? [],
  dualControl: file.dual_control ?? [],
  hosts: [hostLayer(file.hosts)],
  mcp: { readOnly: file.mcp?.read_only ?? [], destructive: file.mcp?.destructive ?? [] },
  readRoots: file.read_roots ?? [],
});

/** Only what is set: `undefined` must not cover a default. */
const given = (levels: NonNullable<PolicyFile['levels']>): Partial<Record<Risk, Decision>> => ({
  ...(levels.SAFE === undefined ? {} : { SAFE: levels.SAFE }),
  ...(levels.LOW === undefined ? {} : { LOW: levels.LOW }),
  ...(levels.MEDIUM === undefined ? {} : { MEDIUM: levels.MEDIUM }),
  ...(levels.HIGH === undefined ? {} : { HIGH: levels.HIGH }),
});
