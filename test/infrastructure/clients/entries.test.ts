import { parse as parseToml } from '@decimalturn/toml-patch';
import fc from 'fast-check';
import { parse as parseJson } from 'jsonc-parser';
import { describe, expect, test } from 'vitest';
import { BrokenText } from '../../../src/infrastructure/clients/brokenText.ts';
import {
  putJsonEntry,
  readJsonEntry,
  removeJsonEntry,
} from '../../../src/infrastructure/clients/jsonEntry.ts';
import {
  putTomlEntry,
  readTomlEntry,
  removeTomlEntry,
} from '../../../src/infrastructure/clients/tomlEntry.ts';
import { jsonDocument, tomlDocument } from './documents.ts';

const NAME = 'claude-orchestrator';
const VALUE = {
  command: '/Users/o\'neil "x"/my node',
  args: ['/a b/main.js', 'mcp'],
  env: { ORCHESTRATOR_CLAUDE_PATH: 'C:\\claude' },
};
const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? Number(part) : part)));

describe('JSON', () => {
  test('add, then remove gives the bytes of any document back', () => {
    fc.assert(
      fc.property(jsonDocument('mcpServers'), (text) => {
        const added = putJsonEntry(text, 'mcpServers', NAME, VALUE);
        expect(readJsonEntry(added, 'mcpServers', NAME)).toEqual(VALUE);
        expect(removeJsonEntry(added, 'mcpServers', NAME)).toBe(text);
      }),
      { numRuns: 3000 },
    );
  });

  test('adding changes nothing else that a reader sees, and keeps every comment', () => {
    fc.assert(
      fc.property(jsonDocument('servers'), (text) => {
        const added = putJsonEntry(text, 'servers', NAME, VALUE);
        const before = parseJson(text.replace(/^\uFEFF/, ''), [], { allowTrailingComma: true });
        const after = parseJson(added.replace(/^\uFEFF/, ''), [], { allowTrailingComma: true });
        expect(after).toEqual({ ...before, servers: { ...before.servers, [NAME]: VALUE } });
        const comments = (of: string): number => of.split('//').length + of.split('/*').length;
        expect(comments(added)).toBe(comments(text));
      }),
      { numRuns: 1000 },
    );
  });

  test('what was replaced is removed as cleanly', () => {
    fc.assert(
      fc.property(jsonDocument('mcpServers'), (text) => {
        const older = putJsonEntry(text, 'mcpServers', NAME, { command: 'old' });
        const newer = putJsonEntry(older, 'mcpServers', NAME, VALUE);
        expect(readJsonEntry(newer, 'mcpServers', NAME)).toEqual(VALUE);
        expect(removeJsonEntry(newer, 'mcpServers', NAME)).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  test.each(['', '\n', '\uFEFF', ' \r\n'])('an empty file %j becomes a document and empty again', (text) => {
    const added = putJsonEntry(text, 'mcpServers', NAME, VALUE);
    expect(parseJson(added.replace('\uFEFF', ''))).toEqual({ mcpServers: { [NAME]: VALUE } });
    expect(removeJsonEntry(added, 'mcpServers', NAME)).toBe(text);
  });

  test('an entry written by hand, in the middle and with comments, goes alone', () => {
    const text = `{
  "mcpServers": {
    // mine
    "a": { "command": "a" }, // first
    "claude-orchestrator": { "command": "x" }, // ours
    "b": { "command": "b" }
  }
}
`;
    expect(removeJsonEntry(text, 'mcpServers', NAME)).toBe(`{
  "mcpServers": {
    // mine
    "a": { "command": "a" }, // first // ours
    "b": { "command": "b" }
  }
}
`);
  });

  test('of equal names none is left', () => {
    const text = `{"mcpServers": {"${NAME}": {"command": "1"}, "a": 1, "${NAME}": {"command": "2"}}}`;
    expect(readJsonEntry(text, 'mcpServers', NAME)).toEqual({ command: '2' });
    expect(parseJson(removeJsonEntry(text, 'mcpServers', NAME))).toEqual({ mcpServers: { a: 1 } });
  });

  test.each([
    ['{\n  "a": 1,\n  "b": \n}\n', 'line 4'],
    ['{\n  "a": 1\n', 'line'],
    ['[]', 'line 1 is not a JSON object'],
    ['{\n"mcpServers": []\n}', 'line 2: "mcpServers" is not an object'],
    ['// only a comment\n', 'line'],
  ])('%j is refused with its line', (text, line) => {
    expect(() => putJsonEntry(text, 'mcpServers', NAME, VALUE)).toThrow(BrokenText);
    expect(() => putJsonEntry(text, 'mcpServers', NAME, VALUE)).toThrow(line);
  });
});

describe('TOML', () => {
  test('add, then remove gives the bytes of any document back', () => {
    fc.assert(
      fc.property(tomlDocument('mcp_servers'), (text) => {
        const added = putTomlEntry(text, 'mcp_servers', NAME, VALUE);
        expect(plain(readTomlEntry(added, 'mcp_servers', NAME))).toEqual(VALUE);
        expect(added.startsWith(text)).toBe(true);
        expect(removeTomlEntry(added, 'mcp_servers', NAME)).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });

  test('what comes behind the block later stays', () => {
    const added = `${putTomlEntry('a = 1\n', 'mcp_servers', NAME, VALUE)}\n[later] # keep\nb = 2\n`;
    expect(removeTomlEntry(added, 'mcp_servers', NAME)).toBe('a = 1\n\n[later] # keep\nb = 2\n');
  });

  test.each([
    'mcp_servers = { other = { command = "y" } } # inline\n',
    '# c\nmcp_servers.other.command = "y" # dotted\n',
  ])('servers in another form are edited in it: %j', (text) => {
    const added = putTomlEntry(text, 'mcp_servers', NAME, VALUE);
    expect(plain(parseToml(added))).toEqual({ mcp_servers: { other: { command: 'y' }, [NAME]: VALUE } });
    expect(removeTomlEntry(added, 'mcp_servers', NAME)).toBe(text);
  });

  test('an entry written by hand is replaced and removed, its neighbours and comments stay', () => {
    const text = `model = "x" # m\n\n[mcp_servers.${NAME}]\ncommand = 'old' # mine\nenabled = false\n\n[mcp_servers.z]\ncommand = "z"\n`;
    const replaced = putTomlEntry(text, 'mcp_servers', NAME, VALUE);
    expect(plain(readTomlEntry(replaced, 'mcp_servers', NAME))).toEqual(VALUE);
    expect(replaced).toContain('model = "x" # m\n');
    expect(replaced).toContain('[mcp_servers.z]\ncommand = "z"\n');
    expect(removeTomlEntry(text, 'mcp_servers', NAME)).toContain('model = "x" # m\n');
    expect(plain(parseToml(removeTomlEntry(text, 'mcp_servers', NAME)))).toEqual({
      model: 'x',
      mcp_servers: { z: { command: 'z' } },
    });
  });

  test.each([
    ['a = 1\nb = \nc = 3\n', 'line'],
    ['a = 1\na = 2\n', 'line'],
    ['mcp_servers = 3\n', '"mcp_servers" is not a table'],
  ])('%j is refused', (text, line) => {
    expect(() => putTomlEntry(text, 'mcp_servers', NAME, VALUE)).toThrow(BrokenText);
    expect(() => putTomlEntry(text, 'mcp_servers', NAME, VALUE)).toThrow(line);
  });
});
