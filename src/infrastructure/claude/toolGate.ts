import { readlink, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { HookCallback, PreToolUseHookInput } from '@anthropic-ai/claude-agent-sdk';
import type { ToolGate, WorkerOptions } from '../../application/ports.ts';
import { judge, pathsOf } from '../../domain/safety/judge.ts';
import type { ToolCall, Verdict } from '../../domain/safety/verdict.ts';

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

/** Real path of each, or of the nearest parent that exists with the rest put behind it. */
const realPaths = async (paths: readonly string[]): Promise<ReadonlyMap<string, string>> =>
  new Map(await Promise.all(paths.map(async (name) => [name, await resolveReal(name, 40)] as const)));

const resolveReal = async (name: string, linksLeft: number): Promise<string> => {
  try {
    return await realpath(name);
  } catch {
    const target = await danglingTarget(name);
    // A link to nothing is still a link: a write through it would make its target.
    if (target !== undefined && linksLeft > 0)
      return resolveReal(path.resolve(path.dirname(name), target), linksLeft - 1);
    const parent = path.dirname(name);
    return parent === name ? name : path.join(await resolveReal(parent, linksLeft), path.basename(name));
  }
};

const danglingTarget = async (name: string): Promise<string | undefined> => {
  try {
    return await readlink(name);
  } catch {
    return undefined;
  }
};
