import { z } from 'zod';
import { DECISIONS, RISKS } from '../verdict.ts';

const decision = z.enum(DECISIONS);

/** A pattern of names: `*` for any part of one name, `**` over folders, `?` for one character. */
const pattern = z.string().min(1).max(500);

const matchSchema = z
  .strictObject({
    tool: pattern.optional().describe('Name of a tool: `Bash`, `Write`, `mcp__github__*`'),
    argv: z
      .array(z.string().min(1))
      .min(1)
      .max(20)
      .readonly()
      .optional()
      .describe('First words of a command: [git, push]'),
    path: pattern
      .optional()
      .describe('Of a file that is read, written or deleted; `src/**` starts at the worktree, `~/` at home'),
    host: pattern.optional().describe('Of a web address, or `mcp:<server>`'),
    code: z
      .string()
      .regex(/^[A-Za-z][A-Za-z-]*$/)
      .optional()
      .describe('Code of a reason: `delete`, `git-remote`'),
  })
  .refine((match) => Object.keys(match).length > 0, 'must say at least one of tool, argv, path, host, code');

const ruleSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9_.-]{0,63}$/, 'must be of a-z, 0-9, "-", "_", ".", at most 64'),
    match: matchSchema.describe(
      'All that is said here must be true of one and the same thing that the call does',
    ),
    decision: decision.optional(),
    risk: z.enum(RISKS).optional().describe('Raises what matches to at least this risk'),
    reason: z.string().min(1).max(500).describe('Shown to whoever is refused or asked'),
  })
  .refine(
    (rule) => rule.decision !== undefined || rule.risk !== undefined,
    'must say a decision, a risk, or both',
  )
  .refine((rule) => rule.decision !== 'allow' || rule.risk === undefined, 'allows and raises a risk at once');

/** What is CRITICAL by default: the only codes that `dual_control` can open. */
export const CRITICAL_CODES = [
  'disk',
  'history-rewrite',
  'remote-destroy',
  'own-state',
  'own-commands',
  'own-keys',
] as const;

/** A policy file, of the machine or of a repository. What it does not say stays as it is. */
export const policySchema = z.strictObject({
  version: z.literal(1, 'must be 1'),
  levels: z
    .strictObject({
      SAFE: decision.optional(),
      LOW: decision.optional(),
      MEDIUM: decision.optional(),
      HIGH: decision.optional(),
    })
    .optional()
    .describe('What becomes of a call by its risk. CRITICAL is always denied; see dual_control'),
  rules: z
    .array(ruleSchema)
    .max(500)
    .readonly()
    .refine((rules) => new Set(rules.map(({ id }) => id)).size === rules.length, 'has an id twice')
    .optional()
    .describe('Of all that match, the strictest counts'),
  dual_control: z
    .array(z.enum(CRITICAL_CODES))
    .readonly()
    .optional()
    .describe('CRITICAL codes that two approvers together may grant'),
  hosts: z
    .strictObject({
      allow: z.array(pattern).max(500).readonly().optional(),
      deny: z.array(pattern).max(500).readonly().optional(),
      unknown: decision.optional(),
    })
    .optional()
    .describe('Of web fetches, and `mcp:<server>` for MCP servers. `unknown`: what is in neither list'),
  mcp: z
    .strictObject({
      read_only: z.array(pattern).max(500).readonly().optional(),
      destructive: z.array(pattern).max(500).readonly().optional(),
    })
    .optional()
    .describe('MCP tools by what they do: `mcp__github__get_*`'),
  read_roots: z
    .array(z.string().regex(/^\//, 'must be an absolute path'))
    .max(100)
    .readonly()
    .optional()
    .describe('Further folders that workers may read'),
});
export type PolicyFile = z.infer<typeof policySchema>;
export type PolicyRule = z.infer<typeof ruleSchema>;
