import type { PreToolUseHookInput } from '@anthropic-ai/claude-agent-sdk';
import { expect, test } from 'vitest';
import type { Ruling } from '../../../src/application/approving/ports.ts';
import type { AskedCall, ToolGate } from '../../../src/application/ports/gate.ts';
import type { ResumedSession } from '../../../src/application/ports/worker.ts';
import type { Decision, ToolCall, Verdict } from '../../../src/domain/safety/verdict.ts';
import { callGate } from '../../../src/infrastructure/claude/gateHook.ts';
import { Tripwire } from '../../../src/infrastructure/claude/tripwire.ts';
import { approval } from '../../support/specs.ts';

const verdictOf = (decision: Decision): Verdict => ({
  risk: decision === 'allow' ? 'SAFE' : 'HIGH',
  decision,
  approversNeeded: 1,
  policyHash: 'p',
  reasons: [],
  message: decision === 'allow' ? '' : 'Do this instead.',
});

/** What the desk says of a call that nobody has decided yet. */
const undecided: Ruling = { kind: 'undecided', approval: approval() };

/** A gate that decides as it is told, and a desk that rules as it is told. */
const ground = (o: {
  readonly decision: Decision;
  readonly ruling?: (asked: AskedCall, signal: AbortSignal) => Promise<Ruling>;
  readonly resume?: ResumedSession;
  readonly alone?: boolean;
}) => {
  const now = { decision: o.decision, worktree: '/lane/one' };
  const fences: unknown[] = [];
  const verdicts: [ToolCall, Verdict][] = [];
  const asked: AskedCall[] = [];
  const gate: ToolGate = {
    judge: async (_call, fence) => {
      fences.push(fence);
      return verdictOf(now.decision);
    },
  };
  const { ruling } = o;
  const made = callGate({
    gate,
    options: {
      readRoots: ['/ws'],
      onVerdict: (call, given) => verdicts.push([call, given]),
      resume: o.resume,
      ask:
        ruling === undefined
          ? undefined
          : (call, signal) => {
              asked.push(call);
              return ruling(call, signal);
            },
    },
    worktree: () => now.worktree,
    lone: { isAlone: () => o.alone ?? false },
    tripwire: new Tripwire(),
    pid: () => 42,
  });
  const signal = new AbortController().signal;
  return {
    now,
    fences,
    verdicts,
    asked,
    hook: (part: Partial<PreToolUseHookInput> = {}) => made.hook(input(part), 't', { signal }),
    canUseTool: (command: string, id = 't') =>
      made.canUseTool('Bash', { command }, { signal, toolUseID: id, requestId: 'r' }),
  };
};

const input = (part: Partial<PreToolUseHookInput>): PreToolUseHookInput => ({
  hook_event_name: 'PreToolUse',
  session_id: 's',
  transcript_path: '/t',
  cwd: '/lane/one/src',
  tool_name: 'Bash',
  tool_input: { command: 'ls' },
  tool_use_id: 't',
  ...part,
});

const answered = (part: Record<string, unknown>) => ({
  hookSpecificOutput: { hookEventName: 'PreToolUse', ...part },
});

test('the hook asks the gate with the folder of the call, tells of the verdict, and answers with its words', async () => {
  const g = ground({ decision: 'deny' });
  expect(await g.hook()).toEqual(
    answered({ permissionDecision: 'deny', permissionDecisionReason: 'Do this instead.' }),
  );
  g.now.decision = 'allow';
  g.now.worktree = '/lane/two';
  expect(await g.hook({ agent_id: 'sub', tool_input: ['no', 'record'] })).toEqual(
    answered({ permissionDecision: 'allow' }),
  );
  expect(g.fences).toEqual([
    { cwd: '/lane/one/src', worktree: '/lane/one', readRoots: ['/ws'] },
    { cwd: '/lane/one/src', worktree: '/lane/two', readRoots: ['/ws'] },
  ]);
  expect(g.verdicts.map(([call]) => call)).toEqual([
    { tool: 'Bash', input: { command: 'ls' }, fromSubagent: false },
    { tool: 'Bash', input: {}, fromSubagent: true },
  ]);
});

test('where the gate itself fails the hook throws, so that the call does not run', async () => {
  const gate: ToolGate = { judge: () => Promise.reject(new Error('no disk')) };
  const { hook } = callGate({
    gate,
    options: { readRoots: [], onVerdict: () => undefined },
    worktree: () => '/lane',
    lone: { isAlone: () => false },
    tripwire: new Tripwire(),
    pid: () => 1,
  });
  await expect(hook(input({}), 't', { signal: new AbortController().signal })).rejects.toThrow('no disk');
});

test('what a person would have to be asked about is refused where there is nobody to ask, and told so', async () => {
  const g = ground({ decision: 'ask' });
  expect(await g.hook()).toEqual(
    answered({ permissionDecision: 'deny', permissionDecisionReason: 'Do this instead.' }),
  );
  expect(g.verdicts.map(([, verdict]) => verdict.decision)).toEqual(['deny']);
});

test('what was approved runs with the bytes that were approved, not with those that came', async () => {
  const g = ground({
    decision: 'ask',
    ruling: async () => ({ kind: 'allow', input: { command: 'rm approved' } }),
  });
  expect(await g.hook({ tool_input: { command: 'rm other' } })).toEqual(
    answered({ permissionDecision: 'allow', updatedInput: { command: 'rm approved' } }),
  );
  expect(g.asked).toMatchObject([
    { cwd: '/lane/one/src', worktree: '/lane/one', toolUseId: 't', sessionId: 's', pid: 42 },
  ]);
});

test('a call that was deferred gets what the person said, also where the gate would let it pass by now', async () => {
  const g = ground({
    decision: 'allow',
    resume: { sessionId: 's', toolUseId: 't' },
    ruling: async () => ({ kind: 'deny', message: 'Not today.' }),
  });
  expect(await g.hook()).toEqual(
    answered({ permissionDecision: 'deny', permissionDecisionReason: 'Not today.' }),
  );
  expect(await g.hook({ tool_use_id: 'next' })).toEqual(answered({ permissionDecision: 'allow' }));
});

test('a denial tells the worker what the person said', async () => {
  const g = ground({ decision: 'ask', ruling: async () => ({ kind: 'deny', message: 'Not today.' }) });
  expect(await g.hook()).toEqual(
    answered({ permissionDecision: 'deny', permissionDecisionReason: 'Not today.' }),
  );
});

test('a call that the policy denies is nobody asked about', async () => {
  const g = ground({ decision: 'deny', ruling: async () => ({ kind: 'allow', input: {} }) });
  expect(await g.hook()).toMatchObject(answered({ permissionDecision: 'deny' }));
  expect(g.asked).toEqual([]);
});

test('an undecided call is deferred; whether it may be is known for a lone one of the worker itself alone', async () => {
  const g = ground({ decision: 'ask', alone: true, ruling: async () => undecided });
  expect(await g.hook()).toEqual(answered({ permissionDecision: 'defer' }));
  await g.hook({ agent_id: 'sub' });
  expect(g.asked.map((call) => call.canDefer())).toEqual([true, false]);
  const beside = ground({ decision: 'ask', alone: false, ruling: async () => undecided });
  await beside.hook();
  expect(beside.asked.map((call) => call.canDefer())).toEqual([false]);
});

test('a worker that is stopped while it waits gets no answer: the hook throws, and the call does not run', async () => {
  const g = ground({ decision: 'ask', ruling: () => Promise.reject(new Error('the process has ended')) });
  await expect(g.hook()).rejects.toThrow('the process has ended');
});

test('a resumed session that asks by its second way as well is judged once and told the same', async () => {
  let uses = 0;
  const g = ground({
    decision: 'ask',
    resume: { sessionId: 's', toolUseId: 't' },
    ruling: async () => ({ kind: 'allow', input: { command: `approved ${++uses}` } }),
  });
  expect(await g.hook()).toMatchObject(
    answered({ permissionDecision: 'allow', updatedInput: { command: 'approved 1' } }),
  );
  expect(await g.canUseTool('ls')).toEqual({
    behavior: 'allow',
    updatedInput: { command: 'approved 1' },
  });
  expect(uses).toBe(1);
});

test('a resumed call that comes before the hook is registered is judged by the second way, once however often it comes', async () => {
  const g = ground({
    decision: 'ask',
    resume: { sessionId: 's', toolUseId: 't' },
    alone: true,
    ruling: async () => ({ kind: 'deny', message: 'Not today.' }),
  });
  const [first, again] = await Promise.all([g.canUseTool('rm x'), g.canUseTool('rm x')]);
  expect(first).toEqual({ behavior: 'deny', message: 'Not today.' });
  expect(again).toEqual(first);
  expect(g.asked).toHaveLength(1);
  // The CLI has no such answer there: a call that came this way is held.
  expect(g.asked[0]?.canDefer()).toBe(false);
  expect(g.asked[0]).toMatchObject({
    sessionId: 's',
    cwd: '/lane/one',
    call: { input: { command: 'rm x' } },
  });
});

test('a hook that comes after the second way answers what was decided there, and asks nobody again', async () => {
  let uses = 0;
  const g = ground({
    decision: 'ask',
    resume: { sessionId: 's', toolUseId: 't' },
    ruling: async () => ({ kind: 'allow', input: { command: `approved ${++uses}` } }),
  });
  await g.canUseTool('rm x');
  expect(await g.hook({ tool_input: { command: 'rm x' } })).toEqual(
    answered({ permissionDecision: 'allow', updatedInput: { command: 'approved 1' } }),
  );
  expect([uses, g.verdicts.length]).toEqual([1, 1]);
});

test('under the id of a call that was let pass, nothing but that call runs', async () => {
  const g = ground({ decision: 'allow', resume: { sessionId: 's', toolUseId: undefined } });
  await g.canUseTool('ls');
  expect(await g.hook({ tool_input: { command: 'rm x' } })).toEqual(
    answered({ permissionDecision: 'allow', updatedInput: { command: 'ls' } }),
  );
  expect(g.verdicts.map(([call]) => call.input)).toEqual([{ command: 'ls' }]);
});
