import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { MissingDependencyError } from '../../../src/domain/errors/index.ts';
import { judgeDisk, judgeGit, judgeMemory, judgeNode } from '../../../src/infrastructure/config/checks.ts';
import { type DoctorInput, runDoctor } from '../../../src/infrastructure/config/doctor.ts';
import type { ConfigInput } from '../../../src/infrastructure/config/reading.ts';
import { place } from './fixture.ts';

const ask = (config: ConfigInput, over: Partial<DoctorInput> = {}) =>
  runDoctor({
    config,
    nodeVersion: process.versions.node,
    claude: async () => ({ path: '/bin/claude', version: '2.1.0', credentials: true }),
    safety: async () => [],
    signal: new AbortController().signal,
    ...over,
  });

const byName = async (checks: ReturnType<typeof ask>) =>
  new Map((await checks).map((check) => [check.name, check]));

describe('the doctor', () => {
  test('finds the real git and writable folders, and leaves nothing behind', async () => {
    const { input, root } = place();
    mkdirSync(path.join(root, 'data'));
    const checks = await byName(ask(input({ env: { PATH: process.env.PATH } })));
    expect(checks.get('git')).toMatchObject({ status: 'ok', detail: expect.stringMatching(/^git version/) });
    for (const name of [
      'configuration',
      'node',
      'claude',
      'credentials',
      'state folder',
      'worktrees folder',
      'memory',
    ]) {
      expect(checks.get(name)?.status, name).toBe('ok');
    }
    expect(readdirSync(path.join(root, 'data'))).toEqual([]);
    expect(existsSync(path.join(root, 'cache'))).toBe(false);
  });

  test('says how to mend whatever is not well', async () => {
    const { input, root } = place();
    writeFileSync(path.join(root, 'file'), '');
    const env = {
      PATH: path.join(root, 'home'),
      ORCHESTRATOR_STATE_DIR: path.join(root, 'file', 'state'),
      LOG_LEVEL: 'x',
    };
    const hint = 'Install it that way.';
    const checks = await byName(
      ask(input({ env, availableMemory: 1 }), {
        nodeVersion: '20.1.0',
        claude: async () => {
          throw new MissingDependencyError('No claude.', { hint });
        },
      }),
    );
    for (const name of ['configuration', 'node', 'git', 'claude', 'state folder', 'memory']) {
      expect(checks.get(name)?.status, name).toBe('fail');
      expect(checks.get(name)?.mend, name).toMatch(/./);
    }
    expect(checks.get('claude')).toMatchObject({ detail: 'No claude.', mend: hint });
    expect(checks.has('credentials')).toBe(false);
  });

  test('missing credentials are a warning with the way to log in', async () => {
    const { input } = place();
    const claude = async () => ({ path: '/bin/claude', version: '2', credentials: false });
    const checks = await byName(ask(input({ env: { PATH: process.env.PATH } }), { claude }));
    expect(checks.get('credentials')).toMatchObject({
      status: 'warn',
      mend: expect.stringContaining('ANTHROPIC_API_KEY'),
    });
  });
});

describe('its judgements', () => {
  test('git from 2.38 and node from 22.13 on', () => {
    const git = (version: string) => judgeGit(`git version ${version}\n`).status;
    expect([git('2.37.9'), git('2.38.0'), git('3.0.0'), git('2.39.5 (Apple Git-154)'), git('odd')]).toEqual([
      'fail',
      'ok',
      'ok',
      'ok',
      'fail',
    ]);
    expect(['20.20.2', '22.12.0', '22.13.0', '24.0.0'].map((v) => judgeNode(v).status)).toEqual([
      'fail',
      'fail',
      'ok',
      'ok',
    ]);
  });
  test('memory and disk warn before they fail', () => {
    const mb = 1024 ** 2;
    expect([2500, 2499, 249].map((n) => judgeMemory(n * mb, 10).status)).toEqual(['ok', 'warn', 'fail']);
    expect([2048, 2047, 255].map((n) => judgeDisk('d', '/x', n * mb, 'S').status)).toEqual([
      'ok',
      'warn',
      'fail',
    ]);
  });
});
