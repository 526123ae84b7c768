import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startScriptedApi } from '../../../demo/scripted-api.ts';
import type { Ruling } from '../../../src/application/approving/ports.ts';
import type { Ask, ToolGate } from '../../../src/application/ports/gate.ts';
import type { UnjudgedCall, WorkerOptions, WorkerSession } from '../../../src/application/ports/worker.ts';
import { DangerousOperationError } from '../../../src/domain/errors/index.ts';
import type { Verdict } from '../../../src/domain/safety/verdict.ts';
import { createCanary } from '../../../src/infrastructure/claude/canary/canary.ts';
import { createClaudeRuntime } from '../../../src/infrastructure/claude/claudeRuntime.ts';
import { claudePath } from '../../../src/infrastructure/claude/locateClaude.ts';
import { createToolGate } from '../../../src/infrastructure/safety/toolGate.ts';
import { randomIds } from '../../../src/infrastructure/system/randomIds.ts';
import { bash, says, tool } from '../../support/sandbox.ts';
import { approval } from '../../support/specs.ts';

const BETWEEN = path.resolve(import.meta.dirname, '../../support/claude/betweenCli.mjs');
const PATIENCE_MS = 50_000;

/** The judge's word by what a command says; everything else may run. */
const byWords: ToolGate = {
  judge: async ({ input }): Promise<Verdict> => {
    const command = String(input.command ?? '');
    const decision = command.includes('deny-me') ? 'deny' : command.includes('ask-me') ? 'ask' : 'allow';
    return {
      risk: 'HIGH',
      decision,
      approversNeeded: 1,
      policyHash: 'p',
      reasons: [],
      message: 'Do this instead.',
    };
  },
};

/** Workers of the real CLI on the scripted model, or of one that stands between and lets calls run by itself. */
const ground = async (mode?: 'turncoat' | 'forgets') => {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'tripwire-')));
  const cwd = path.join(root, 'work');
  for (const folder of [cwd, path.join(root, 'home'), path.join(root, 'state')]) mkdirSync(folder);
  writeFileSync(path.join(cwd, 'a.txt'), 'hello\n');
  const api = await startScriptedApi({ port: 0 });
  onTestFinished(async () => {
    await api.close();
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  });
  const env = { PATH: process.env.PATH, HOME: path.join(root, 'home') };
  const between = mode === undefined ? {} : { BETWEEN_CLI: `${mode} ${await claudePath(undefined, env)}` };
  const runtimeWith = (gate: ToolGate, hookTimeoutSeconds?: number) =>
    createClaudeRuntime({
      configuredPath: mode === undefined ? undefined : BETWEEN,
      sourceEnv: {
        ...env,
        ...between,
        ANTHROPIC_BASE_URL: api.url,
        ANTHROPIC_API_KEY: 'sk-ant-scripted',
      },
      passedEnv: ['BETWEEN_CLI'],
      settingSources: [],
      gate,
      ...(hookTimeoutSeconds === undefined ? {} : { hookTimeoutSeconds }),
    });
  const passed: UnjudgedCall[] = [];
  const judged: string[] = [];
  const results: string[] = [];
  const open = async (more: Partial<WorkerOptions> = {}): Promise<WorkerSession> => {
    const session = await runtimeWith(byWords).open({
      cwd,
      // Its own: whatever has the token of a session that ends is ended with it.
      runToken: randomIds.runToken(),
      env: {},
      model: undefined,
      budgetUsd: undefined,
      readRoots: [],
      onVerdict: ({ tool: name }, { decision }) => judged.push(`${name} ${decision}`),
      onUnjudged: (call) => passed.push(call),
      ...more,
    });
    onTestFinished(() => session.end());
    return session;
  };
  const say = (
    session: WorkerSession,
    prompt: string | undefined,
    signal = AbortSignal.timeout(PATIENCE_MS),
  ) =>
    session.run({
      prompt,
      model: undefined,
      signal,
      onEvent: (event) => {
        if (event.kind === 'tool_result') results.push(event.text);
      },
    });
  const canary = createCanary({
    gate: createToolGate({ protectedRoots: [path.join(root, 'state')] }),
    policyHash: () => 'policy',
    ids: randomIds,
    version: '0',
    settings: '',
    stateDir: path.join(root, 'state'),
    runtimeWith,
  });
  return { cwd, passed, judged, results, open, say, canary };
};

test('a program that is honest for the canary only is ended at its first call that it lets run by itself', async () => {
  const g = await ground('turncoat');
  expect(await g.canary.run(AbortSignal.timeout(PATIENCE_MS))).toEqual([]);
  const session = await g.open();
  const failure = await g.say(session, `${bash('ls')}${bash('touch never')}${says('done')}`).catch((e) => e);
  expect(failure).toBeInstanceOf(DangerousOperationError);
  expect(failure).toMatchObject({
    retryable: false,
    message: expect.stringContaining('(Bash, toolu_scripted'),
    hint: expect.stringContaining('worktree'),
  });
  expect([session.alive, g.judged]).toEqual([false, []]);
  expect(g.passed).toEqual([
    { tool: 'Bash', toolUseId: expect.stringContaining('toolu_'), fromSubagent: false },
  ]);
  await session.end();
  expect(existsSync(path.join(g.cwd, 'never'))).toBe(false);
  // The next turn of it says the same, and not that it crashed.
  await expect(g.say(session, says('more'))).rejects.toThrow(DangerousOperationError);
});

test('a hook that is lost in mid-turn is noticed at the next call, one that fails too', async () => {
  const g = await ground('forgets');
  const session = await g.open();
  await expect(g.say(session, `${bash('ls')}${bash('exit 3')}${says('done')}`)).rejects.toThrow(
    "without the safety gate's leave",
  );
  expect(g.judged).toEqual(['Bash allow']);
  expect(g.passed).toHaveLength(1);
});

test('a call of a sub-agent that runs past the gate is noticed', async () => {
  const g = await ground('forgets');
  const session = await g.open();
  const prompt = tool('Task', {
    description: 'd',
    subagent_type: 'general-purpose',
    run_in_background: false,
    prompt: `${bash('ls')}${says('sub')}`,
  });
  await expect(g.say(session, `${prompt}${says('done')}`)).rejects.toThrow('a sub-agent of the worker');
  expect(g.passed).toMatchObject([{ tool: 'Bash', fromSubagent: true }]);
});

test('it never fires on a real worker: calls beside each other, refused, unknown, failing, of sub-agents, in the background, in a structured answer', async () => {
  const g = await ground();
  const session = await g.open({
    outputSchema: { type: 'object', properties: { a: { type: 'number' } }, required: ['a'] },
  });
  const read = { name: 'Read', input: { file_path: 'a.txt' } };
  const shell = (command: string) => ({ name: 'Bash', input: { command } });
  const sub = tool('Task', {
    description: 'd',
    subagent_type: 'general-purpose',
    run_in_background: false,
    prompt: `[[tools:${JSON.stringify([shell('echo sub'), read, shell('echo deny-me'), { name: 'Nope', input: {} }])}]]${bash('exit 2')}${says('sub done')}`,
  });
  const calls = [
    `[[tools:${JSON.stringify([shell('exit 1'), shell('echo two'), read, shell('echo deny-me'), shell('echo ask-me'), { name: 'Nope', input: {} }, { name: 'Bash', input: {} }])}]]`,
    sub,
    tool('Bash', { command: 'echo late', run_in_background: true }),
    tool('Bash', { command: 'sleep 5', timeout: 500 }),
    tool('Edit', { file_path: 'a.txt', old_string: 'not there', new_string: 'x' }),
    tool('Write', { file_path: 'b.txt', content: 'x' }),
    tool('Glob', { pattern: '*' }),
    tool('Grep', { pattern: 'hello' }),
    tool('TodoWrite', { todos: [] }),
    tool('ToolSearch', { query: 'x' }),
    tool('NotebookEdit', { notebook_path: 'n.ipynb', new_source: 'x' }),
    tool('WebFetch', { url: 'http://127.0.0.1:1/', prompt: 'x' }),
  ].join('');
  const ended = await g.say(session, `${calls}[[json:{"a":1}]]`);
  expect(ended.structured).toEqual({ a: 1 });
  expect(g.results.length).toBeGreaterThan(18);
  expect(g.judged.filter((each) => each === 'Bash deny')).toHaveLength(3);
  await session.clear();
  await g.say(session, `${bash('ls')}[[json:{"a":2}]]`);
  // Stopped in a call, and while the gate still thinks.
  for (const more of [{}, { ask: (() => new Promise(() => undefined)) satisfies Ask }]) {
    const stopped = await g.open(more);
    const stop = new AbortController();
    const run = stopped.run({
      prompt: `${bash(`sleep 20; echo ${'ask' in more ? 'ask-me' : 'x'}`)}${says('done')}`,
      model: undefined,
      signal: stop.signal,
      onEvent: (event) => {
        if (event.kind === 'tool') stop.abort(new Error('enough'));
      },
    });
    await expect(run).rejects.toThrow('enough');
  }
  expect(g.passed).toEqual([]);
});

test('it never fires on a worker that is parked and resumed', async () => {
  const g = await ground();
  const undecided: Ruling = { kind: 'undecided', approval: approval() };
  const first = await g.open({
    ask: async ({ canDefer }) => {
      while (!canDefer()) await new Promise((resolve) => setImmediate(resolve));
      return undecided;
    },
  });
  const parked = await g.say(first, `${bash('ls')}${bash('echo ask-me')}${bash('ls')}${says('done')}`);
  expect(parked.deferred).toMatch(/^toolu_/);
  await first.end();
  const resumed = await g.open({
    ask: async () => ({ kind: 'allow', input: { command: 'echo approved' } }),
    resume: { sessionId: parked.sessionId, toolUseId: parked.deferred },
  });
  expect((await g.say(resumed, undefined)).text).toBe('done');
  expect(g.results).toContain('approved');
  expect(g.passed).toEqual([]);
});
