import type { CanUseTool, HookCallback, PreToolUseHookInput } from '@anthropic-ai/claude-agent-sdk';
import type { ToolGate } from '../../application/ports/gate.ts';
import type { WorkerOptions } from '../../application/ports/worker.ts';
import type { ToolCall } from '../../domain/safety/verdict.ts';
import type { LoneCalls } from './loneCalls.ts';
import type { Tripwire } from './tripwire.ts';

type Decided =
  | { readonly kind: 'allow'; readonly input?: Readonly<Record<string, unknown>> }
  | { readonly kind: 'deny'; readonly message: string }
  | { readonly kind: 'defer' };

type Place = {
  readonly cwd: string;
  readonly toolUseId: string;
  readonly sessionId: string;
  readonly canDefer: () => boolean;
};

export type GateDeps = {
  readonly gate: ToolGate;
  readonly options: Pick<WorkerOptions, 'onVerdict' | 'readRoots' | 'ask' | 'resume'>;
  /** The lane's folder, which moves. */
  readonly worktree: () => string;
  readonly lone: Pick<LoneCalls, 'isAlone'>;
  readonly tripwire: Pick<Tripwire, 'asked' | 'answered'>;
  readonly pid: () => number;
};

/** The gate as the CLI meets it: it sees every tool call of a worker, reads and sub-agents' included. */
export type CallGate = {
  /** Registered with `onFailure: 'block'`: where it throws, the call does not run. */
  readonly hook: HookCallback;
  /**
   * The second way to the same gate, for a resumed session: its CLI may make the deferred call before the hook is
   * registered (half of the trials), and what its own rules take for a read would then run unjudged. With `ask`
   * rules for every tool the CLI comes here, and finds what the hook decided of the call, or has it judged.
   */
  readonly canUseTool: CanUseTool;
};

export const callGate = (d: GateDeps): CallGate => {
  const decided = new Map<string, { readonly call: ToolCall; readonly decision: Promise<Decided> }>();
  /** In a resumed session a call may come by both ways, in either order: an approval is used once. */
  const decideOnce = async (call: ToolCall, place: Place, signal: AbortSignal): Promise<Decided> => {
    d.tripwire.asked(place.toolUseId);
    const answer = await answerOnce(call, place, signal);
    d.tripwire.answered(place.toolUseId, answer.kind === 'allow');
    return answer;
  };
  const answerOnce = async (call: ToolCall, place: Place, signal: AbortSignal): Promise<Decided> => {
    const known = decided.get(place.toolUseId);
    if (known === undefined) {
      const decision = decide(d, call, place, signal);
      if (d.options.resume !== undefined) decided.set(place.toolUseId, { call, decision });
      return decision;
    }
    const answer = await known.decision;
    // What runs is what was judged, whatever comes under the same id.
    return answer.kind === 'allow' ? { kind: 'allow', input: answer.input ?? known.call.input } : answer;
  };
  return {
    async hook(input, _id, { signal }) {
      if (input.hook_event_name !== 'PreToolUse') return {};
      const call = toolCall(input);
      const place: Place = {
        // The CLI keeps a shell's `cd`: what it says is where the next relative path starts.
        cwd: input.cwd,
        toolUseId: input.tool_use_id,
        sessionId: input.session_id,
        canDefer: () => !call.fromSubagent && d.lone.isAlone(input.tool_use_id),
      };
      return {
        hookSpecificOutput: {
          hookEventName: 'PreToolUse',
          ...hookAnswer(await decideOnce(call, place, signal)),
        },
      };
    },

    async canUseTool(tool, input, { signal, toolUseID, agentID }) {
      const place: Place = {
        cwd: d.worktree(),
        toolUseId: toolUseID,
        sessionId: d.options.resume?.sessionId ?? '',
        canDefer: () => false,
      };
      const answer = await decideOnce({ tool, input, fromSubagent: agentID !== undefined }, place, signal);
      if (answer.kind === 'allow') return { behavior: 'allow', updatedInput: { ...(answer.input ?? input) } };
      return {
        behavior: 'deny',
        message: answer.kind === 'deny' ? answer.message : 'It waits for a decision.',
      };
    },
  };
};

const decide = async (d: GateDeps, call: ToolCall, place: Place, signal: AbortSignal): Promise<Decided> => {
  const { options } = d;
  const { cwd, canDefer } = place;
  const worktree = d.worktree();
  const verdict = await d.gate.judge(call, { cwd, worktree, readRoots: options.readRoots });
  const { ask } = options;
  const refused = verdict.decision === 'deny' || (verdict.decision === 'ask' && ask === undefined);
  options.onVerdict(call, refused ? { ...verdict, decision: 'deny' } : verdict);
  // What a person was asked about is the person's to decide, also where the gate would let it pass by now.
  const wasAsked = ask !== undefined && options.resume?.toolUseId === place.toolUseId;
  if (verdict.decision === 'allow' && !wasAsked) return { kind: 'allow' };
  if (refused || ask === undefined) return { kind: 'deny', message: verdict.message };
  const ruling = await ask(
    {
      call,
      verdict,
      cwd,
      worktree,
      toolUseId: place.toolUseId,
      sessionId: place.sessionId,
      pid: d.pid(),
      canDefer,
    },
    signal,
  );
  switch (ruling.kind) {
    case 'allow':
      return { kind: 'allow', input: ruling.input };
    case 'deny':
      return { kind: 'deny', message: ruling.message };
    case 'undecided':
      return { kind: 'defer' };
  }
};

const hookAnswer = (decided: Decided) => {
  switch (decided.kind) {
    case 'allow':
      return {
        permissionDecision: 'allow' as const,
        ...(decided.input === undefined ? {} : { updatedInput: { ...decided.input } }),
      };
    case 'deny':
      return { permissionDecision: 'deny' as const, permissionDecisionReason: decided.message };
    case 'defer':
      return { permissionDecision: 'defer' as const };
  }
};

const toolCall = (input: PreToolUseHookInput): ToolCall => ({
  tool: input.tool_name,
  input: isRecord(input.tool_input) ? input.tool_input : {},
  fromSubagent: input.agent_id !== undefined,
});

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
