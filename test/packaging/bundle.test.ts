import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const LAUNCH = path.resolve(import.meta.dirname, '../../packaging/mcpb/launch.js');

/** Runs the bundle's start with a program in the server's place that says what it was given. */
const launched = (args: readonly string[], env: Readonly<Record<string, string>>) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'orchestrator-bundle-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(LAUNCH, path.join(folder, 'launch.js'));
  writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
  mkdirSync(path.join(folder, 'dist'));
  writeFileSync(
    path.join(folder, 'dist/main.js'),
    `const env = Object.entries(process.env).filter(([name]) => name.startsWith('ORCHESTRATOR_'));
     console.log(JSON.stringify({ argv: process.argv.slice(2), env: Object.fromEntries(env) }));`,
  );
  return JSON.parse(
    execFileSync(process.execPath, [path.join(folder, 'launch.js'), ...args], {
      encoding: 'utf8',
      env: { ...env },
    }),
  );
};

test('what the person filled in reaches the server', () => {
  expect(
    launched(['/work/a b', '/work/c'], {
      ORCHESTRATOR_CLAUDE_PATH: '/bin/claude',
      ORCHESTRATOR_MAX_WORKERS: '3',
    }),
  ).toEqual({
    argv: ['mcp'],
    env: {
      ORCHESTRATOR_ALLOWED_ROOTS: ['/work/a b', '/work/c'].join(path.delimiter),
      ORCHESTRATOR_CLAUDE_PATH: '/bin/claude',
      ORCHESTRATOR_MAX_WORKERS: '3',
    },
  });
});

test('what was left out is left out, whether it comes empty or as its placeholder', () => {
  expect(
    launched(['${user_config.workspace_roots}', ''], {
      ORCHESTRATOR_CLAUDE_PATH: '${user_config.claude_path}',
      ORCHESTRATOR_MAX_WORKERS: '${user_config.max_workers}',
    }),
  ).toEqual({ argv: ['mcp'], env: {} });
});
