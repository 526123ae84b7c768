import fc from 'fast-check';
import { expect, test } from 'vitest';
import { visibleAround, visibleLine, visibleText } from '../../src/domain/visibleText.ts';

test('what would make a text look like another one stands there by its name', () => {
  expect(visibleText('rm \u202Efdp.txt')).toBe('rm ⟨U+202E⟩fdp.txt');
  expect(visibleText('r\u200bm\u00ad -\u2060rf\ufeff')).toBe('r⟨U+200B⟩m⟨U+00AD⟩ -⟨U+2060⟩rf⟨U+FEFF⟩');
  expect(visibleText('a\u001b[2Kb\rc\u0085\u0000\u007f')).toBe(
    'a⟨U+001B⟩[2Kb⟨U+000D⟩c⟨U+0085⟩⟨U+0000⟩⟨U+007F⟩',
  );
  expect(visibleText('x\u00a0y\u3164z\u2800\ufe0f\u{e0041}\u2028')).toBe(
    'x⟨U+00A0⟩y⟨U+3164⟩z⟨U+2800⟩⟨U+FE0F⟩⟨U+E0041⟩⟨U+2028⟩',
  );
  expect(visibleText('half \ud800 pair, a font’s own \ue000')).toBe(
    'half ⟨U+D800⟩ pair, a font’s own ⟨U+E000⟩',
  );
});

test('what is seen as it is stays, newlines and tabs too; on one line they are named', () => {
  const text = 'echo "größer 日本 👩 → ok" && \\\n\tls -l';
  expect(visibleText(text)).toBe(text);
  expect(visibleLine('a\n\tb', 50)).toBe('a ⏎ ⟨U+0009⟩b');
});

test('for any text: nothing unseen is left, it is the same done twice, and no longer than asked', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const shown = visibleText(text);
      expect(shown).not.toMatch(/[^\P{C}\t\n]|\p{Default_Ignorable_Code_Point}|[^\P{Z} ]|\u2800/u);
      expect(visibleText(shown)).toBe(shown);
      expect(visibleText(text, 20).length).toBeLessThanOrEqual(20);
      expect(visibleLine(text, 20).length).toBeLessThanOrEqual(20);
      expect(visibleLine(text, 1_000)).not.toMatch(/\p{C}/u);
    }),
  );
});

test('any two texts that are shown whole and look the same are the same', () => {
  const text = fc.string({ unit: 'binary', maxLength: 60 }).filter((one) => !/[⟨⟩⏎]/.test(one));
  fc.assert(
    fc.property(text, text, (a, b) => {
      if (a === b) return;
      expect(visibleText(a)).not.toBe(visibleText(b));
      expect(visibleLine(a, 10_000)).not.toBe(visibleLine(b, 10_000));
    }),
    {
      examples: [
        ['a b', 'a\tb'],
        ['a\nb', 'a\\nb'],
        ['a\u2800', 'a '],
      ],
    },
  );
});

test('a line is never longer than asked, and no half of a pair is left', () => {
  expect(visibleLine('abcdef', 4)).toBe('abc…');
  expect(visibleLine('ab👩👩', 4)).toBe('ab…');
  expect(visibleLine('abcd', 4)).toBe('abcd');
});

test('a command that is too long is cut around its dangerous part', () => {
  const long = `${'echo fine; '.repeat(1000)}rm -rf /data; ${'echo fine; '.repeat(1000)}`;
  const shown = visibleAround(long, 'rm -rf /data', 120);
  expect(shown).toContain('rm -rf /data');
  expect(shown.length).toBeLessThanOrEqual(120);
  expect(visibleAround(long, 'not in it', 20)).toBe('echo fine; echo fin…');
});
