import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { highlightLines } from '../../../../src/presentation/dashboard/page/job/diff/highlighter.ts';
import { languageOf } from '../../../../src/presentation/dashboard/page/job/diff/languages.ts';
import { colouredRows } from '../../../../src/presentation/dashboard/page/job/model/colouredRows.ts';
import { commentMessage } from '../../../../src/presentation/dashboard/page/job/model/comment.ts';
import { diffFilesOf } from '../../../../src/presentation/dashboard/page/job/model/diffFiles.ts';
import { diffRowsOf } from '../../../../src/presentation/dashboard/page/job/model/diffLines.ts';
import { LogBuffer } from '../../../../src/presentation/dashboard/page/job/model/logBuffer.ts';
import { twelveTasks } from './support/sampleJob.ts';

const hostile = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '<img src=x onerror=alert(1)>',
    '</span><script>alert(1)</script>',
    '<span class="x">&lt;&amp;amp;</span>',
    '"><svg onload=alert(1)>',
    '&#x27;&quot;',
  ),
);
const withoutBreaks = hostile.map((text) => text.replaceAll(/[\r\n]/g, ' '));

describe('what is coloured stays the same text', () => {
  test('the tokens of a line, put together, are the line', () => {
    fc.assert(
      fc.property(
        fc.array(hostile, { maxLength: 6 }).map((parts) => parts.join('\n')),
        fc.constantFrom('typescript', 'xml', 'markdown', 'python', 'bash', 'css', 'json', 'yaml', 'sql'),
        (code, language) => {
          const lines = highlightLines(code, language).map((line) =>
            line.map((token) => token.text).join(''),
          );
          expect(lines.join('\n')).toBe(code);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('classes come from the highlighter alone, never from the code', () => {
    const tokens = highlightLines('<span class="stolen">"a"</span>', 'xml').flat();
    expect(tokens.every((token) => /^(?:hljs-[\w-]+ ?|language-\w+ ?|[\w]+_ ?)*$/.test(token.classes))).toBe(
      true,
    );
    expect(tokens.some((token) => token.classes.includes('stolen'))).toBe(false);
  });

  test('a comment over two lines is a comment on both of them', () => {
    const [file] = diffFilesOf(twelveTasks(0, true).diff);
    const rows = diffRowsOf(file ?? { text: '' });
    const coloured = colouredRows(rows, 'typescript', highlightLines);
    const second = rows.find((row) => row.text.includes('over two lines'));
    expect(second && coloured.get(second)?.[0]?.classes).toContain('hljs-comment');
    for (const [row, tokens] of coloured) expect(tokens.map((token) => token.text).join('')).toBe(row.text);
  });
});

describe('a diff', () => {
  const line = fc.tuple(fc.constantFrom('+', '-', ' '), withoutBreaks);
  test('keeps every line, its side and its number, whatever is written in it', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 30 }), (lines) => {
        const text = `diff --git a/x.ts b/x.ts\nindex 1..2 100644\n--- a/x.ts\n+++ b/x.ts\n@@ -7,9 +9,9 @@\n${lines
          .map(([sign, words]) => `${sign}${words}`)
          .join('\n')}\n`;
        const [file, ...more] = diffFilesOf(text);
        expect(more).toEqual([]);
        expect(file).toMatchObject({
          path: 'x.ts',
          added: lines.filter(([sign]) => sign === '+').length,
          removed: lines.filter(([sign]) => sign === '-').length,
        });
        let before = 7;
        let after = 9;
        expect(diffRowsOf(file ?? { text: '' }).slice(1)).toEqual(
          lines.map(([sign, words]) => {
            if (sign === '+') return { kind: 'added', text: words, after: after++ };
            if (sign === '-') return { kind: 'removed', text: words, before: before++ };
            return { kind: 'same', text: words, before: before++, after: after++ };
          }),
        );
      }),
    );
  });

  test('names files as git does: new, renamed, with spaces, in quotes, without text', () => {
    const files = diffFilesOf(
      `${twelveTasks(0, true).diff}diff --git "a/\\303\\274.md" "b/\\303\\274.md"\nold mode 100644\nnew mode 100755\n`,
    );
    expect(files.map(({ path, oldPath, change, binary }) => [path, oldPath, change, binary])).toEqual([
      ['src/export/csvExport.ts', 'src/export/csvExport.ts', 'modified', false],
      ['src/web/banner.html', 'src/web/banner.html', 'added', false],
      ['docs/new name.md', 'docs/old name.md', 'renamed', false],
      ['assets/logo.png', 'assets/logo.png', 'modified', true],
      ['ü.md', 'ü.md', 'modified', false],
    ]);
  });

  test('text that is no diff is shown as text', () => {
    expect(diffFilesOf('')).toEqual([]);
    expect(diffFilesOf('fatal: not a diff')).toEqual([]);
    expect(diffRowsOf({ text: 'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ odd\n+a' })).toContainEqual({
      kind: 'same',
      text: '+a',
    });
  });

  test('a comment names file, line and what stood there', () => {
    expect(commentMessage('src/a.ts', { kind: 'added', text: '  let x;', after: 12 }, ' why? ')).toBe(
      'A comment on the changes so far, at src/a.ts:12\n>   let x;\n\nwhy?',
    );
    expect(commentMessage('src/a.ts', { kind: 'removed', text: '', before: 3 }, 'no')).toContain(
      'src/a.ts:3 (line that was taken out)\n> (empty line)',
    );
  });

  test('languages are known by the ending, and unknown ones are plain', () => {
    expect([
      languageOf('a/b.TSX'),
      languageOf('x.py'),
      languageOf('Makefile'),
      languageOf('x.constructor'),
    ]).toEqual(['typescript', 'python', undefined, undefined]);
  });
});

const rowsOf = (buffer: LogBuffer): readonly string[] =>
  Array.from({ length: buffer.count }, (_, index) => buffer.row(index));

describe('a log', () => {
  const piece = fc.oneof(
    hostile,
    fc.constantFrom(
      '\u001b[31mred\u001b[0m',
      '\u001b]8;;http://x\u0007link\u001b]8;;\u001b\\',
      '\r\n',
      '\n',
      '\r',
      '\u001b[2K',
      '\u001b',
    ),
  );
  test('is the same however it is cut into pieces', () => {
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 30 }),
        fc.array(fc.nat(40), { maxLength: 60 }),
        (parts, cuts) => {
          const whole = `${parts.join('')}\u0007\u001b\\\nend\n`;
          const once = new LogBuffer();
          once.append(whole);
          const often = new LogBuffer();
          let at = 0;
          for (const cut of cuts) {
            often.append(whole.slice(at, at + cut));
            at += cut;
          }
          often.append(whole.slice(at));
          expect(rowsOf(often)).toEqual(rowsOf(once));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('holds no control characters and nothing of an escape sequence', () => {
    const buffer = new LogBuffer();
    buffer.append('\u001b[1;31mfail\u001b[0m\ttab\u0000\r\nnext \u001b]0;title\u0007end\nopen');
    expect(rowsOf(buffer)).toEqual(['fail\ttab', 'next end', 'open']);
  });

  test('a line without end is cut into rows, and no character is lost', () => {
    const buffer = new LogBuffer();
    const line = '😀'.repeat(3333);
    buffer.append(line);
    buffer.append('x\n');
    expect(rowsOf(buffer).join('')).toBe(`${line}x`);
    expect(rowsOf(buffer).every((row) => row.length <= 1000 && row.isWellFormed())).toBe(true);
  });

  test('lets the oldest rows go beyond its measure, and says how many', () => {
    const buffer = new LogBuffer(10_000);
    for (let line = 0; line < 5000; line += 1) buffer.append(`line ${line}\n`);
    expect(buffer.count + buffer.dropped).toBe(5000);
    expect(buffer.count).toBeLessThan(1100);
    expect(buffer.row(buffer.count - 1)).toBe('line 4999');
  });

  test('finds words in any case', () => {
    const buffer = new LogBuffer();
    buffer.append('one\nTwo\ntwo three\n');
    expect(buffer.find('TWO')).toEqual([1, 2]);
    expect(buffer.find('')).toEqual([]);
  });
});
