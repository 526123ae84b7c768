import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startScriptedApi } from '../../demo/scripted-api.ts';
import { secondOpinionOver } from '../../src/compose/secondOpinion.ts';
import type { Verdict } from '../../src/domain/safety/verdict.ts';
import { createClaudeRuntime } from '../../src/infrastructure/claude/claudeRuntime.ts';
import { createToolGate } from '../../src/infrastructure/safety/toolGate.ts';
import { randomIds } from '../../src/infrastructure/system/randomIds.ts';
import { eventually, processesWith } from '../support/processes.ts';

const silent = {
  debug() {},
  info() {},
  warning() {},
  error() {},
  critical() {},
  within: <T>(_: unknown, work: () => T) => work(),
};

/** A real worker whose gate is made as the server makes it, and a model that says `opinion` when it is asked. */
const ranWith = async (secondOpinion: string, opinion: string) => {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'second-')));
  const [state, work, home] = ['state', 'work', 'home'].map((name) => path.join(root, name));
  if (state === undefined || work === undefined || home === undefined) return expect.unreachable();
  for (const made of [state, work, home]) mkdirSync(made);
  const api = await startScriptedApi({
    port: 0,
    rules: [{ match: /How dangerous is this call\?/, script: opinion }],
  });
  onTestFinished(async () => {
    await api.close();
    await eventually('the end of all processes', () => processesWith(root).length === 0);
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  });
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    ANTHROPIC_BASE_URL: api.url,
    ANTHROPIC_API_KEY: 'sk-ant-scripted',
  };
  const gate = secondOpinionOver(createToolGate({ protectedRoots: [state] }), {
    config: { secondOpinion, claudePath: undefined, workerEnv: [], stateDir: state },
    env,
    logger: silent,
    signal: new AbortController().signal,
  });
  const runtime = createClaudeRuntime({
    configuredPath: undefined,
    sourceEnv: env,
    passedEnv: [],
    settingSources: [],
    gate,
  });
  const verdicts: Verdict[] = [];
  const session = await runtime.open({
    cwd: work,
    runToken: randomIds.runToken(),
    env: {},
    model: 'claude-sonnet-4-5',
    budgetUsd: undefined,
    readRoots: [],
    onVerdict: (_call, verdict) => verdicts.push(verdict),
  });
  const script = `[[tool:Bash ${JSON.stringify({ command: "node -e \"fs.writeFileSync('ran.txt', '')\"" })}]]`;
  try {
    const signal = AbortSignal.timeout(50_000);
    await session.run({
      prompt: `${script}[[text:done]]`,
      model: undefined,
      signal,
      onEvent: () => undefined,
    });
  } finally {
    await session.end();
  }
  return {
    ran: existsSync(path.join(work, 'ran.txt')),
    verdicts: verdicts.map(({ risk, reasons }) => [risk, reasons[0]?.code]),
    questions: api.bodies.filter(({ model }) => model === 'claude-haiku-4-5').length,
  };
};

test('a real worker’s call is stopped where the named model finds it dangerous', async () => {
  const { ran, verdicts, questions } = await ranWith(
    'claude-haiku-4-5',
    '[[json:{"risk":"CRITICAL","reason":"It writes a file."}]]',
  );
  expect([ran, verdicts, questions]).toEqual([false, [['HIGH', 'second-opinion']], 1]);
});

test('it runs where the model finds it less dangerous than the judge did, and where the model fails', async () => {
  for (const opinion of ['[[json:{"risk":"SAFE","reason":"It is nothing."}]]', '[[status:404]]']) {
    const { ran, verdicts } = await ranWith('claude-haiku-4-5', opinion);
    expect([opinion, ran, verdicts[0]?.[0]]).toEqual([opinion, true, 'MEDIUM']);
  }
});

test('without a model nobody is asked', async () => {
  const { ran, questions } = await ranWith('off', '[[json:{"risk":"HIGH","reason":"no"}]]');
  expect([ran, questions]).toEqual([true, 0]);
});
