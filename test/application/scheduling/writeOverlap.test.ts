import { describe, expect, it } from 'vitest';
import { mayOverlap, writesOverlap } from '../../../src/application/scheduling/writeOverlap.ts';

describe('declared paths that may name the same file overlap, whichever is asked first', () => {
  it.each([
    ['a.txt', 'a.txt', true],
    ['./a.txt', 'a.txt', true],
    ['src', 'src/a.ts', true],
    ['src/', 'src/deep/a.ts', true],
    ['src/a', 'src/ab', false],
    ['src/a.ts', 'src/b.ts', false],
    ['src/*.ts', 'src/a.ts', true],
    ['src/*.ts', 'src/a.js', false],
    ['src/**', 'src/deep/a.ts', true],
    ['src/**/*.ts', 'docs/a.ts', false],
    ['src/*.ts', 'src/*.js', true],
    ['src/**', 'docs/**', false],
    ['**/*.md', 'docs/a.md', true],
    ['*.md', 'src', false],
    ['src/*/x.ts', 'src/deep', true],
    ['.', 'anything/at/all', true],
  ])('%s and %s: %s', (a, b, overlap) => {
    expect(mayOverlap(a, b)).toBe(overlap);
    expect(mayOverlap(b, a)).toBe(overlap);
  });

  it('a task that declares nothing may write anything', () => {
    expect(writesOverlap(undefined, ['a'])).toBe(true);
    expect(writesOverlap(['a'], undefined)).toBe(true);
    expect(writesOverlap([], ['a'])).toBe(false);
  });
});
