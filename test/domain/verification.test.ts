import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verdict } from '../../src/domain/verification.ts';

const green = { green: true, failingTests: undefined };
const red = (...failingTests: string[]) => ({ green: false, failingTests });
const redWithoutNames = { green: false, failingTests: undefined };
const names = fc.array(fc.string({ minLength: 1 }), { maxLength: 20 });
const anyRun = fc.record({ green: fc.boolean(), failingTests: fc.option(names, { nil: undefined }) });

describe('a green verification', () => {
  it.each([
    ['proves the change where the base was red', redWithoutNames, 'proved'],
    ['guards it where the base was green', green, 'held'],
    ['passes where the base is not known', undefined, 'passed'],
  ] as const)('%s', (_promise, base, verification) => {
    expect(verdict({ work: green, base })).toEqual({ verification, note: expect.any(String) });
  });

  it('is never a failure, whatever the base says and whatever names it printed', () => {
    fc.assert(
      fc.property(anyRun, fc.option(anyRun, { nil: undefined }), (work, base) => {
        expect(verdict({ work: { ...work, green: true }, base }).verification).not.toBe('failed');
      }),
    );
  });
});

describe('a red verification', () => {
  it('fails where the base was green or is not known', () => {
    expect(verdict({ work: red('a'), base: green }).verification).toBe('failed');
    expect(verdict({ work: red('a'), base: undefined }).verification).toBe('failed');
  });

  it('is not blamed on work that mends some of it and adds none, but verifies nothing while it is red', () => {
    expect(verdict({ work: red('b'), base: red('a', 'b', 'c') })).toEqual({
      verification: 'none',
      note: expect.stringMatching(/Still red with 1 failing test.*3 failing tests on the base/),
      newFailures: [],
    });
  });

  it('verifies nothing where the work left it as red as it was: neither blamed nor praised', () => {
    expect(verdict({ work: red('b', 'a'), base: red('a', 'b') })).toEqual({
      verification: 'none',
      note: expect.stringContaining('As red as the base'),
      newFailures: [],
    });
  });

  it('fails by the tests that the base passed, and names just those', () => {
    const said = verdict({ work: red('b', 'new', 'b'), base: red('a', 'b') });
    expect(said).toMatchObject({ verification: 'failed', newFailures: ['new'] });
    expect(said.note).toContain('new');
  });

  it.each([
    ['the work', redWithoutNames, red('a')],
    ['the base', red('a'), redWithoutNames],
  ])('fails where %s tells no names, and says that the base was red already', (_whose, work, base) => {
    const said = verdict({ work, base });
    expect(said).toEqual({ verification: 'failed', note: expect.stringContaining('red already') });
  });

  it('is excused exactly when every failure is one of the base', () => {
    fc.assert(
      fc.property(names, names, (work, base) => {
        const said = verdict({ work: red(...work), base: red(...base) });
        expect(said.verification === 'failed').toBe(!work.every((name) => base.includes(name)));
        // Whatever excuses it, red never counts as green.
        expect(['failed', 'none']).toContain(said.verification);
      }),
    );
  });

  it('keeps its note short however much is broken', () => {
    const many = Array.from({ length: 500 }, (_, n) => `test ${n}`);
    const said = verdict({ work: red(...many), base: red('other') });
    expect(said.newFailures).toHaveLength(500);
    expect(said.note.length).toBeLessThan(200);
    expect(said.note).toContain('495 more');
  });
});
