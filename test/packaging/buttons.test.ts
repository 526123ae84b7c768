import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { allowRule } from '../../src/presentation/cli/allowRule.ts';

const read = (file: string): string => readFileSync(path.resolve(import.meta.dirname, '../..', file), 'utf8');
const STARTS = { command: 'npx', args: ['-y', 'claude-orchestrator', 'mcp'] };

const linksIn = (text: string): readonly URL[] =>
  [...text.matchAll(/\]\((https:[^)]*\/(?:install-mcp|mcp\/install)\?[^)]+)\)/g)].map(
    ([, url = '']) => new URL(url),
  );

test.each(['docs/installation.md', 'README.md'])('every install button of %s starts the server', (file) => {
  for (const { hostname, searchParams } of linksIn(read(file))) {
    expect(searchParams.get('name')).toBe('claude-orchestrator');
    const config = searchParams.get('config') ?? '';
    if (hostname === 'cursor.com') {
      expect(JSON.parse(Buffer.from(config, 'base64').toString())).toEqual(STARTS);
    } else {
      expect(JSON.parse(config)).toEqual({ type: 'stdio', ...STARTS });
    }
  }
});

test('there is a button for Cursor and one for VS Code', () => {
  expect(linksIn(read('docs/installation.md')).map(({ hostname }) => hostname)).toEqual([
    'cursor.com',
    'insiders.vscode.dev',
  ]);
});

test('the allow rule of the documentation is the one that setup prints', () => {
  expect(read('docs/installation.md')).toContain(allowRule());
});
