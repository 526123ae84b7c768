import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filesOfApproval } from '../../../../src/presentation/dashboard/page/pages/approvals/approvalDiff.ts';
import { piecesOf } from '../../../../src/presentation/dashboard/page/pages/approvals/markRanges.ts';
import { shownParts, shownText } from '../../../../src/presentation/dashboard/page/ui/shownText.ts';

/** What turns, hides or drives a terminal. */
const UNSEEN = [
  '\u0000',
  '\u0007',
  '\b',
  '\r',
  '\u001b',
  '\u007f',
  '\u0085',
  '\u00a0',
  '\u00ad',
  '\u034f',
  '\u115f',
  '\u180e',
  '\u2003',
  '\u200b',
  '\u200d',
  '\u200f',
  '\u2028',
  '\u202e',
  '\u2066',
  '\u2800',
  '\u3000',
  '\u3164',
  '\ufe0f',
  '\ufeff',
  '\uffa0',
  '\ud800',
  '\u{e0041}',
  '\u{e0100}',
];

describe('text of others', () => {
  it('shows every character that would not be seen, or would turn the text, by its number', () => {
    for (const sign of UNSEEN) {
      const number = `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
      expect(shownParts(`rm${sign}-rf`), number).toEqual([
        { kind: 'plain', text: 'rm' },
        { kind: 'unseen', text: number, name: expect.stringMatching(/./) },
        { kind: 'plain', text: '-rf' },
      ]);
    }
  });

  it('marks what the server has spelled out already in the same way', () => {
    expect(shownParts('a⟨U+202E⟩b')[1]).toEqual({
      kind: 'unseen',
      text: 'U+202E',
      name: 'right-to-left override',
    });
  });

  it('shows ends of lines, and spaces that push what follows out of sight', () => {
    expect(shownParts(`ls${' '.repeat(200)}\nrm x`).map(({ kind }) => kind)).toEqual([
      'plain',
      'gap',
      'newline',
      'plain',
    ]);
    expect(shownParts('if x:\n        y\tz').map(({ kind }) => kind)).toEqual(['plain', 'newline', 'plain']);
  });

  it('never leaves anything unseen, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(shownText(text)).not.toMatch(/[^\P{C}\t\n]|\p{Default_Ignorable_Code_Point}|[^\P{Z} ]/u);
      }),
    );
  });
});

describe('the marks in a command', () => {
  it('stand at every place of every span, once where spans overlap', () => {
    expect(piecesOf('ls && rm -rf src; rm -rf src/x', ['rm -rf src', 'src/x'])).toEqual([
      { text: 'ls && ', isDanger: false },
      { text: 'rm -rf src', isDanger: true },
      { text: '; ', isDanger: false },
      { text: 'rm -rf src/x', isDanger: true },
    ]);
  });

  it('find a span that came on one line, or was cut', () => {
    expect(piecesOf('sh <<E\nrm -rf a\nE', ['rm -rf a ⏎ E']).map(({ text }) => text)).toEqual([
      'sh <<E\n',
      'rm -rf a\nE',
    ]);
    expect(piecesOf('echo abcdef', ['abc…'])).toContainEqual({ text: 'abc', isDanger: true });
  });

  it('leave the command as it is, whatever the spans are', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b', ' ', '…', '\n') }),
        fc.array(fc.string({ unit: fc.constantFrom('a', 'b', ' ') })),
        (command, spans) => {
          const pieces = piecesOf(command, spans);
          expect(pieces.map(({ text }) => text).join('')).toBe(command);
          for (const [at, { isDanger }] of pieces.entries())
            expect(pieces[at + 1]?.isDanger).not.toBe(isDanger);
        },
      ),
    );
  });
});

describe('the diff of an approval', () => {
  const body = '--- a/x.js\n+++ b/x.js\n@@ -1 +1 @@\n-const a = 1;\n+const a = 2; // \u202eend\n';

  it('is shown by the page of a job’s own rows, with or without git’s first line', () => {
    for (const diff of [body, `diff --git a/x.js b/x.js\n${body}`]) {
      const [file] = filesOfApproval(diff, '/w/x.js');
      expect(file).toMatchObject({ path: 'x.js', added: 1, removed: 1 });
    }
  });

  it('hides nothing', () => {
    expect(filesOfApproval(body, '/w/x.js')[0]?.text).toContain('⟨U+202E⟩end');
  });

  it('cannot make up another file by its path', () => {
    const [file, ...more] = filesOfApproval('@@ -0,0 +1 @@\n+a\n', 'x\ndiff --git a/y b/y');
    expect(more).toEqual([]);
    expect(file?.added).toBe(1);
  });
});
