import type { HookCallback, PreToolUseHookInput } from '@anthropic-ai/claude-agent-sdk';
import type { ToolGate, WorkerOptions } from '../../application/ports.ts';
import { judge, pathsOf } from '../../domain/safety/judge.ts';
import type { ToolCall, Verdict } from '../../domain/safety/verdict.ts';
import { realPlace } from './realPlace.ts';

/** @param protectedRoots real paths that no worker may touch: the state directory. */
export const createToolGate = (protectedRoots: readonly string[]): ToolGate => ({
  async judge(call, fence) {
    return judge(call, { ...fence, protectedRoots, realPaths: await realPaths(pathsOf(call, fence.cwd)) });
  },
});

/**
 * The hook that sees every tool call of a worker, reads and sub-agents' included. It is registered with
 * `onFailure: 'block'`: where it throws, the call does not run.
 */
export const gateHook =
  (
    gate: ToolGate,
    options: Pick<WorkerOptions, 'onVerdict' | 'readRoots'>,
    worktree: () => string,
  ): HookCallback =>
  async (input) => {
    if (input.hook_event_name !== 'PreToolUse') return {};
    const call = toolCall(input);
    // The CLI keeps a shell's `cd`: what it says is where the next relative path starts.
    const verdict = await gate.judge(call, {
      cwd: input.cwd,
      worktree: worktree(),
      readRoots: options.readRoots,
    });
    options.onVerdict(call, verdict);
    return { hookSpecificOutput: { hookEventName: 'PreToolUse', ...decision(verdict) } };
  };

const decision = (verdict: Verdict) =>
  verdict.allowed
    ? { permissionDecision: 'allow' as const }
    : { permissionDecision: 'deny' as const, permissionDecisionReason: verdict.message };

const toolCall = (input: PreToolUseHookInput): ToolCall => ({
  tool: input.tool_name,
  input: isRecord(input.tool_input) ? input.tool_input : {},
  fromSubagent: input.agent_id !== undefined,
});

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const realPaths = async (paths: readonly string[]): Promise<ReadonlyMap<string, string>> =>
  new Map(await Promise.all(paths.map(async (name) => [name, await realPlace(name)] as const)));
