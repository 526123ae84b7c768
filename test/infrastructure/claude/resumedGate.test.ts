import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startScriptedApi } from '../../../demo/scripted-api.ts';
import type { Ruling } from '../../../src/application/approving/ports.ts';
import type { Ask } from '../../../src/application/ports/gate.ts';
import type { ResumedSession, TurnResult } from '../../../src/application/ports/worker.ts';
import { runTokenSchema } from '../../../src/domain/ids.ts';
import { createClaudeRuntime } from '../../../src/infrastructure/claude/claudeRuntime.ts';
import { approval } from '../../support/specs.ts';

/** The real CLI against the scripted model, with a gate that asks about every call. */
const ground = async () => {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'resumed-gate-')));
  const cwd = path.join(root, 'work');
  for (const folder of [cwd, path.join(root, 'home')]) mkdirSync(folder);
  const api = await startScriptedApi({ port: 0 });
  onTestFinished(async () => {
    await api.close();
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  });
  const runtime = createClaudeRuntime({
    configuredPath: undefined,
    sourceEnv: {
      PATH: process.env.PATH,
      HOME: path.join(root, 'home'),
      ANTHROPIC_BASE_URL: api.url,
      ANTHROPIC_API_KEY: 'sk-ant-scripted',
    },
    passedEnv: [],
    settingSources: [],
    gate: {
      judge: async () => ({
        risk: 'HIGH',
        decision: 'ask',
        approversNeeded: 1,
        policyHash: 'p',
        reasons: [],
        message: 'It would have to be asked.',
      }),
    },
  });
  const turn = async (prompt: string | undefined, ask: Ask, resume?: ResumedSession): Promise<TurnResult> => {
    const session = await runtime.open({
      cwd,
      runToken: runTokenSchema.parse('run_0000000000000000'),
      env: {},
      model: undefined,
      budgetUsd: undefined,
      readRoots: [],
      onVerdict: () => undefined,
      ask,
      resume,
    });
    try {
      const signal = AbortSignal.timeout(50_000);
      return await session.run({ prompt, model: undefined, signal, onEvent: () => undefined });
    } finally {
      await session.end();
    }
  };
  return { cwd, turn };
};

const undecided: Ruling = { kind: 'undecided', approval: approval() };

test('each call of a resumed session is judged, also one that the CLI itself takes for a harmless read', async () => {
  const g = await ground();
  // Without the second way to the gate half of these ran before the hook was there.
  for (let round = 0; round < 4; round++) {
    const alone: boolean[] = [];
    const parked = await g.turn('[[tool:Bash {"command":"ls"}]][[text:done]]', async ({ canDefer }) => {
      // The end of the message comes a moment after the call.
      while (!canDefer()) await new Promise((resolve) => setImmediate(resolve));
      alone.push(canDefer());
      return undecided;
    });
    expect(alone).toEqual([true]);
    expect(parked.deferred).toMatch(/^toolu_/);
    const asked: unknown[] = [];
    const ended = await g.turn(
      undefined,
      async ({ call, toolUseId, sessionId }) => {
        asked.push({ input: call.input, toolUseId, sessionId });
        return { kind: 'deny', message: 'Not today.' };
      },
      { sessionId: parked.sessionId, toolUseId: parked.deferred },
    );
    expect(asked).toEqual([
      {
        input: expect.objectContaining({ command: 'ls' }),
        toolUseId: parked.deferred,
        sessionId: parked.sessionId,
      },
    ]);
    expect(ended).toMatchObject({ text: 'done', sessionId: parked.sessionId });
  }
});

test('a deferred call that is approved runs once, with the bytes that were approved', async () => {
  const g = await ground();
  const parked = await g.turn(
    '[[tool:Bash {"command":"echo asked >> ran.txt"}]][[text:done]]',
    async ({ canDefer }) => {
      while (!canDefer()) await new Promise((resolve) => setImmediate(resolve));
      return undecided;
    },
  );
  expect(existsSync(path.join(g.cwd, 'ran.txt'))).toBe(false);
  await g.turn(undefined, async () => ({ kind: 'allow', input: { command: 'echo approved >> ran.txt' } }), {
    sessionId: parked.sessionId,
    toolUseId: parked.deferred,
  });
  expect(readFileSync(path.join(g.cwd, 'ran.txt'), 'utf8')).toBe('approved\n');
});
