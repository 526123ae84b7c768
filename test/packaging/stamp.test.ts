import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
const STAMPED = [
  'server.json',
  'packaging/mcpb/manifest.json',
  'packaging/claude-plugin/.claude-plugin/plugin.json',
  'packaging/codex-plugin/.codex-plugin/plugin.json',
  'packaging/codex-plugin/.mcp.json',
  'packaging/codex-plugin/skills/orchestrate/SKILL.md',
  '.claude-plugin/marketplace.json',
];

const stamp = (...args: string[]): { status: number | null; stderr: string } =>
  spawnSync(process.execPath, [path.join(ROOT, 'scripts/stamp-version.ts'), ...args], { encoding: 'utf8' });

const copyOfTree = (): { root: string; edit: (file: string, change: (text: string) => string) => void } => {
  const root = mkdtempSync(path.join(tmpdir(), 'orchestrator-stamp-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const part of ['package.json', 'server.json', 'packaging', '.claude-plugin']) {
    cpSync(path.join(ROOT, part), path.join(root, part), { recursive: true });
  }
  return {
    root,
    edit: (file, change) =>
      writeFileSync(path.join(root, file), change(readFileSync(path.join(root, file), 'utf8'))),
  };
};

test('no file of this repository says another version, description or tool than there is', () => {
  expect(stamp('--check')).toMatchObject({ status: 0, stderr: '' });
});

test('a new version makes every file stale, and one run stamps them all', () => {
  const { root, edit } = copyOfTree();
  edit('package.json', (text) => text.replace(/"version": "[^"]*"/, '"version": "9.8.7-rc.1"'));
  const before = stamp('--check', '--root', root);
  expect(before.status).toBe(1);
  for (const file of STAMPED.filter((name) => !name.endsWith('.md')))
    expect(before.stderr).toContain(`stale: ${file} `);
  expect(stamp('--root', root).status).toBe(0);
  expect(stamp('--check', '--root', root)).toMatchObject({ status: 0, stderr: '' });
  const all = STAMPED.map((file) => readFileSync(path.join(root, file), 'utf8')).join('\n');
  expect(all.match(/9\.8\.7-rc\.1/g)).toHaveLength(9);
});

test.each(STAMPED)('a change by hand in %s is found', (file) => {
  const { root, edit } = copyOfTree();
  edit(file, (text) =>
    text
      .replace(/(claude-orchestrator@|"version": ")\d+\.\d+\.\d+/, '$10.0.1')
      .replace('## 1. Decide', '## 1. Guess'),
  );
  expect(stamp('--check', '--root', root)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining(file),
  });
});
