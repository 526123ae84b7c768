import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inertLine, inertText } from '../../../src/presentation/wire/inertText.ts';

describe('text of workers is shown inert', () => {
  it.each([
    ['colours', '\u001b[31mred\u001b[0m', 'red'],
    ['a window title', '\u001b]0;owned\u0007text', 'text'],
    ['a link that lies', '\u001b]8;;http://evil\u0007safe\u001b]8;;\u0007', 'safe'],
    ['C1 controls', 'a\u009bb\u0085', 'ab'],
    ['a bell and a backspace', 'a\u0007b\u0008', 'ab'],
    ['a right-to-left override', 'a\u202egpj.exe', 'agpj.exe'],
    ['tag characters', `a${String.fromCodePoint(0xe0041, 0xe0042)}b`, 'ab'],
    ['zero width and byte order marks', 'a\u200b\ufeffb', 'ab'],
    ['half a surrogate pair', 'a\ud800b', 'a\ufffdb'],
    ['lines over each other', 'good\rbad\r\nnext', 'good\nbad\nnext'],
  ])('%s', (_name, text, shown) => {
    expect(inertText(text, 100)).toBe(shown);
  });

  it('and emoji, other scripts, tabs and newlines stay as they are', () => {
    const text = '👩‍💻\tмир\n数 می‌خواهم';
    expect(inertText(text, 100)).toBe(text);
  });

  it('at its length, never with half a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 20 }), (text, max) => {
        for (const shown of [inertText(text, max), inertLine(text, max)]) {
          expect(shown.length).toBeLessThanOrEqual(max);
          expect(shown.isWellFormed()).toBe(true);
          expect(shown).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
        }
        expect(inertLine(text, max)).not.toContain('\n');
      }),
    );
  });
});
