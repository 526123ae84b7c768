import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startScriptedApi } from '../../../demo/scripted-api.ts';
import type { ToolGate } from '../../../src/application/ports/gate.ts';
import { createClaudeRuntime } from '../../../src/infrastructure/claude/claudeRuntime.ts';
import { type SandboxMode, sandboxFor, sandboxObstacle } from '../../../src/infrastructure/claude/sandbox.ts';
import { randomIds } from '../../../src/infrastructure/system/randomIds.ts';
import { bash, says } from '../../support/sandbox.ts';

const obstacle = await sandboxObstacle(process.env.PATH);
if (obstacle !== undefined)
  process.stderr.write(`SKIPPED: tests of the sandbox, for ${obstacle}. apt install bubblewrap socat\n`);

/** What gets past a judge that lets everything through: only the sandbox is left. */
const ALLOWS_ALL: ToolGate = {
  judge: async () => ({
    risk: 'SAFE',
    decision: 'allow',
    approversNeeded: 1,
    policyHash: 'p',
    reasons: [],
    message: '',
  }),
};

/** A repository with a worktree, a state directory, and a real worker that runs `commands`. @returns what they printed. */
const run = async (mode: SandboxMode, commands: (at: (name: string) => string) => readonly string[]) => {
  // Not below /tmp, which every worker may write.
  const root = realpathSync(mkdtempSync(path.join(process.env.XDG_RUNTIME_DIR ?? '/var/tmp', 'sandbox-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const at = (name: string): string => path.join(root, name);
  for (const folder of ['repository', 'state', 'home', 'worktrees', 'outside']) mkdirSync(at(folder));
  writeFileSync(at('state/secret'), 'the secret');
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', at('repository'), ...args], { encoding: 'utf8' });
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'user.name', 'A User');
  git('config', 'user.email', 'user@example.invalid');
  git('commit', '--quiet', '--allow-empty', '--message', 'first');
  git('worktree', 'add', '--quiet', '--detach', at('worktrees/lane-0'));
  const api = await startScriptedApi();
  onTestFinished(() => api.close());
  const runtime = createClaudeRuntime({
    configuredPath: undefined,
    sourceEnv: {
      PATH: process.env.PATH,
      HOME: at('home'),
      ANTHROPIC_BASE_URL: api.url,
      ANTHROPIC_API_KEY: 'sk-ant-canary-key',
    },
    passedEnv: [],
    settingSources: [],
    gate: ALLOWS_ALL,
    sandbox: { mode, hidden: [at('state')], lists: at('worktrees') },
  });
  const session = await runtime.open({
    cwd: at('worktrees/lane-0'),
    runToken: randomIds.runToken(),
    env: {},
    model: undefined,
    budgetUsd: undefined,
    readRoots: [],
    onVerdict: () => undefined,
  });
  const printed: string[] = [];
  const turn = (lines: readonly string[]) =>
    session.run({
      prompt: [...lines.map(bash), says('done')].join('\n'),
      model: undefined,
      signal: AbortSignal.timeout(50_000),
      onEvent: (event) => {
        if (event.kind === 'tool_result') printed.push(event.text.trim());
      },
    });
  let leftovers: readonly number[] = [];
  try {
    await turn(commands(at));
    // As between two tasks of a lane.
    leftovers = (await session.endLeftovers()).ended;
    await session.clear();
    await turn(['echo the next task']);
  } finally {
    await session.end();
  }
  return { at, printed, leftovers };
};

test.skipIf(obstacle !== undefined)(
  'a command that the judge let through still touches nothing but its worktree',
  async () => {
    const { at, printed, leftovers } = await run('auto', (in_) => [
      'echo text > new.txt && git add --all && git commit --quiet --message second && git status --short && echo committed',
      `cat ${in_('state/secret')}; echo x > ${in_('state/secret')}; echo ended`,
      `echo x > ${in_('outside/file')}; echo ended`,
      `echo x > ${in_('repository/.git/hooks/pre-commit')}; git config user.name Other; echo ended`,
      'env | grep -c canary-key; cat /proc/*/environ 2>/dev/null | tr "\\0" "\\n" | grep -c canary-key; echo ended',
    ]);
    expect(printed[0]).toBe('committed');
    expect([printed.at(-1), leftovers]).toEqual(['the next task', []]);
    expect(printed[1]).not.toContain('the secret');
    expect(printed[4]).toBe('0\n0\nended');
    expect(readdirSync(at('outside'))).toEqual([]);
    expect(readdirSync(at('state'))).toEqual(['secret']);
    expect(existsSync(at('repository/.git/hooks/pre-commit'))).toBe(false);
    const name = execFileSync('git', ['-C', at('repository'), 'config', 'user.name'], { encoding: 'utf8' });
    expect(name.trim()).toBe('A User');
  },
);

test('without the sandbox the same commands do reach what lies outside: it is the sandbox that held', async () => {
  const { at, printed } = await run('off', (in_) => [
    `cat ${in_('state/secret')}`,
    `echo x > ${in_('outside/file')}`,
  ]);
  expect(printed[0]).toBe('the secret');
  expect(readdirSync(at('outside'))).toEqual(['file']);
});

test('a sandbox that is demanded where none can be starts no worker and says what to install', async () => {
  const nowhere = path.join(tmpdir(), 'no-such-folder');
  if (obstacle === undefined) {
    await expect(
      sandboxFor({ mode: 'on', hidden: [], lists: nowhere }, nowhere, { PATH: process.env.PATH }),
    ).resolves.toMatchObject({ settings: { enabled: true, failIfUnavailable: true } });
    rmSync(nowhere, { recursive: true, force: true });
    return;
  }
  await expect(sandboxFor({ mode: 'on', hidden: [], lists: nowhere }, nowhere, {})).rejects.toThrow(
    'ORCHESTRATOR_SANDBOX is on',
  );
});
