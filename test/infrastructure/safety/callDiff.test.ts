import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { callDiff } from '../../../src/infrastructure/safety/callDiff.ts';

const MEGABYTES_5 = 5 * 1024 * 1024;
const LINE = 'some words of a line, number 123456789 and more\n';

afterEach(() => vi.unstubAllEnvs());

const ground = () => {
  const cwd = mkdtempSync(path.join(tmpdir(), 'call-diff-'));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  return {
    cwd,
    written: (content: string, file = 'new.txt') =>
      callDiff(
        { tool: 'Write', input: { file_path: file, content }, fromSubagent: false },
        cwd,
        new AbortController().signal,
      ),
    /** What git says of the same new file, from its first hunk on. */
    byGit: (content: string): string => {
      writeFileSync(path.join(cwd, 'empty'), '');
      writeFileSync(path.join(cwd, 'full'), content);
      try {
        execFileSync('git', ['diff', '--no-index', '--no-color', 'empty', 'full'], { cwd });
        return '';
      } catch (thrown) {
        const { stdout } = thrown as { readonly stdout: Buffer };
        return stdout.toString().replace(/^[\s\S]*?(?=^@@ )/mu, '');
      }
    },
  };
};

test('a new file is shown as git shows it', async () => {
  const g = ground();
  for (const content of ['one\n', 'one', 'one\ntwo\n', 'one\ntwo', '\n', '\n\n', 'a\r\nb\n', '+x\n@@ y\n']) {
    const shown = await g.written(content);
    expect(shown?.replace(/^--- new.txt\n\+\+\+ new.txt\n/u, ''), JSON.stringify(content)).toBe(
      g.byGit(content).replace(/\n$/u, ''),
    );
  }
  expect([await g.written(''), await g.written('a\0b')]).toEqual([undefined, undefined]);
});

test('a new file of five megabytes costs no process, and no more is kept of it than is shown', async () => {
  const g = ground();
  vi.stubEnv('PATH', '/nowhere');
  const shown = await g.written(LINE.repeat(MEGABYTES_5 / LINE.length));
  expect(shown?.length).toBe(200_000);
  expect(shown).toMatch(/^--- new.txt\n\+\+\+ new.txt\n@@ -0,0 \+1,109226 @@\n\+some words/u);
});

test('of a file of five megabytes that is written anew only what is shown is read from git', async () => {
  const g = ground();
  const before = LINE.repeat(MEGABYTES_5 / LINE.length);
  writeFileSync(path.join(g.cwd, 'old.txt'), before);
  const shown = await g.written(before.replaceAll('a line', 'b line'), 'old.txt');
  expect(shown?.length).toBe(200_000);
  expect(shown).toContain('\n-some words of a line');
  // One line changed in all of it is found all the same.
  expect(await g.written(`${before.slice(LINE.length)}last\n`, 'old.txt')).toContain('\n+last');
});
