import { z } from 'zod';
import type { ToolCall, Verdict } from '../../../domain/safety/verdict.ts';

const inputSchema = z.object({
  hook_event_name: z.string(),
  cwd: z.string().min(1),
  tool_name: z.string(),
  tool_input: z.record(z.string(), z.unknown()).default({}),
  agent_id: z.string().optional(),
});

const MOST_REASONS = 3;

const decided = (permissionDecision: 'ask' | 'deny', why: string): string =>
  `${JSON.stringify({
    hookSpecificOutput: {
      hookEventName: 'PreToolUse',
      permissionDecision,
      permissionDecisionReason: `claude-orchestrator: ${why}`,
    },
  })}\n`;

const why = ({ risk, reasons }: Verdict): string => {
  const texts = reasons
    .filter((reason) => reason.risk === risk || reason.rule !== undefined)
    .slice(0, MOST_REASONS)
    .map(({ text, span, rule }) => `${text}${rule === undefined ? '' : ` (rule ${rule})`}: ${span}`);
  return `${risk}. ${texts.join('; ')}`;
};

/** Asks, since nothing is known of the call. */
export const brokenHookAnswer = (error: unknown): string =>
  decided('ask', `the call could not be judged (${error instanceof Error ? error.message : 'unknown'})`);

/**
 * What a PreToolUse hook tells Claude Code. What the policy allows is left to Claude Code's own permissions: a hook
 * that allowed would override them.
 * @param text what came on standard input.
 * @param judge looks up and judges; `cwd` is absolute.
 */
export const hookAnswer = async (
  text: string,
  judge: (call: ToolCall, cwd: string) => Promise<Verdict>,
): Promise<string> => {
  try {
    const read = inputSchema.safeParse(JSON.parse(text));
    if (!read.success) return brokenHookAnswer(new Error('it is no call of a PreToolUse hook'));
    const input = read.data;
    if (input.hook_event_name !== 'PreToolUse') return '{}\n';
    const verdict = await judge(
      { tool: input.tool_name, input: input.tool_input, fromSubagent: input.agent_id !== undefined },
      input.cwd,
    );
    return verdict.decision === 'allow' ? '{}\n' : decided(verdict.decision, why(verdict));
  } catch (error) {
    return brokenHookAnswer(error);
  }
};
