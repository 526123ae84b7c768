import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Canary } from '../../../src/application/enforcing/ports.ts';
import { createCanary } from '../../../src/infrastructure/claude/canary/canary.ts';
import { createClaudeRuntime } from '../../../src/infrastructure/claude/claudeRuntime.ts';
import { claudePath } from '../../../src/infrastructure/claude/locateClaude.ts';
import { createToolGate } from '../../../src/infrastructure/safety/toolGate.ts';
import { randomIds } from '../../../src/infrastructure/system/randomIds.ts';

const BETWEEN = path.resolve(import.meta.dirname, '../../support/claude/betweenCli.mjs');
const PATIENCE_MS = 50_000;

/** A canary with the real CLI, or with one that breaks its hooks in the way of `mode`. */
const canaryOf = async (
  mode?: 'unset' | 'garbage' | 'ignores' | 'old',
): Promise<{ canary: Canary; stateDir: string }> => {
  const stateDir = realpathSync(mkdtempSync(path.join(tmpdir(), 'canary-')));
  onTestFinished(() => rmSync(stateDir, { recursive: true, force: true }));
  const home = path.join(stateDir, 'home');
  const env = { PATH: process.env.PATH, HOME: home };
  const real = await claudePath(undefined, env);
  return {
    stateDir,
    canary: createCanary({
      gate: createToolGate({ protectedRoots: [stateDir] }),
      policyHash: () => 'policy',
      ids: randomIds,
      version: '0',
      settings: '',
      stateDir,
      runtimeWith: (gate, hookTimeoutSeconds) =>
        createClaudeRuntime({
          configuredPath: mode === undefined ? undefined : BETWEEN,
          sourceEnv: { ...env, ...(mode === undefined ? {} : { BETWEEN_CLI: `${mode} ${real}` }) },
          passedEnv: ['BETWEEN_CLI'],
          settingSources: [],
          gate,
          hookTimeoutSeconds,
        }),
    }),
  };
};

const failures = async (canary: Canary): Promise<string> =>
  (await canary.run(AbortSignal.timeout(PATIENCE_MS))).join('; ');

test('the gate of a real worker holds: its own call, a sub-agent’s, and where the hook fails or is late', async () => {
  const { canary, stateDir } = await canaryOf();
  expect(await failures(canary)).toBe('');
  expect(readdirSync(stateDir)).toEqual([]);
});

test('a worker without its hook is found', async () => {
  const { canary } = await canaryOf('unset');
  expect(await failures(canary)).toContain('a call of the worker never reached the gate');
});

test('a hook whose answer does not arrive as it was given is found', async () => {
  const { canary } = await canaryOf('garbage');
  expect(await failures(canary)).toContain('a call of the worker');
});

test('a program that ignores hooks is found, by what it deleted', async () => {
  const { canary } = await canaryOf('ignores');
  expect(await failures(canary)).toContain('a call of the worker ran although it must not');
});

test('a CLI that would go on where a hook fails is found', async () => {
  const { canary } = await canaryOf('old');
  expect(await failures(canary)).toBe('the CLI lets a call run where its hook fails');
});

test('another program, version or policy has another identity', async () => {
  const [real, between] = await Promise.all([canaryOf(), canaryOf('unset')]);
  const [a, b] = await Promise.all([real.canary.identity(), between.canary.identity()]);
  expect(b.cliVersion).toBe('9.9.9');
  expect(a.program).not.toBe(b.program);
});
