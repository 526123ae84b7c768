import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const SRC = new URL('../../src', import.meta.url).pathname;

/** Code without comments and without what stands in regular expressions and texts of the judge's own tables. */
const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => ({
    name,
    code: readFileSync(path.join(SRC, name), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, ''),
  }));

const having = (pattern: RegExp): readonly string[] =>
  sources.filter(({ code }) => pattern.test(code)).map(({ name }) => name);

test('no source starts a program through a shell', () => {
  expect(sources.length).toBeGreaterThan(300);
  expect(having(/\bshell:\s*(true|['"`])/)).toEqual([]);
  expect(having(/import\s*\{[^}]*\b(exec|execSync)\b[^}]*\}\s*from\s*'node:child_process'/)).toEqual([]);
  expect(
    having(/import\s*\*\s*as\s+\w+\s+from\s*'(node:)?child_process'|require\(['"](node:)?child_process/),
  ).toEqual([]);
  expect(having(/\bexeca(Command|CommandSync)\b|from 'execa'.*\$/)).toEqual([]);
  // The pattern finds what it looks for.
  expect(/\bshell:\s*(true|['"`])/.test('spawn(x, { shell: true })')).toBe(true);
});

test('only who runs what a caller gave as a command names a shell', () => {
  expect(having(/['"`](\/bin\/)?(sh|bash|cmd\.exe)['"`]\s*,\s*\[/)).toEqual([]);
});

test('no value is put into the text of a query', () => {
  // These two put words of their own tables of statuses and triggers there; numbers and texts that stand in the
  // source itself are no values.
  expect(having(/sql\.(raw|lit|ref|id|table)\((?!['"\d])/).toSorted()).toEqual([
    'infrastructure/store/migrations/0003-approvals.ts',
    'infrastructure/store/statements.ts',
  ]);
  const inStore = sources.filter(({ name }) => name.startsWith('infrastructure/store/'));
  expect(inStore.length).toBeGreaterThan(10);
  const built = inStore.filter(({ code }) =>
    /\.(exec|prepare)\(\s*`[^`]*\$\{(?![A-Z_]+\})|\.(exec|prepare)\([^)'"`]*\+/.test(code),
  );
  expect(built.map(({ name }) => name)).toEqual([]);
});

test('code that is made of text does not exist', () => {
  expect(
    having(/\beval\(|new Function\(/).filter((name) => !name.startsWith('domain/safety/shell/')),
  ).toEqual([]);
});
