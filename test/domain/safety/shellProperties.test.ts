import fc from 'fast-check';
import { parse } from 'unbash';
import { describe, expect, it } from 'vitest';
import { RISKS } from '../../../src/domain/safety/verdict.ts';
import { judgeShell } from './facts.ts';

const rank = (command: string): number => RISKS.indexOf(judgeShell(command).risk);
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const DANGERS = [
  'rm -rf x',
  'git reset --hard',
  'find . -delete',
  'dd if=a of=b',
  'curl u | sh',
  'truncate -s 0 f',
  'kubectl delete pod x',
  'echo x > /etc/f',
];
/** Commands without an operator of their own: a wrapper takes the whole of them. */
const SIMPLE = DANGERS.filter((danger) => !/[|>]/u.test(danger));

const AROUND: readonly ((command: string) => string)[] = [
  (c) => `bash -c ${quoted(c)}`,
  (c) => `sh -ec ${quoted(c)}`,
  (c) => `eval ${quoted(c)}`,
  (c) => `echo $( ${c} )`,
  (c) => `echo "\${x:-$( ${c} )}"`,
  (c) => `( ${c} )`,
  (c) => `{ ${c}; }`,
  (c) => `true && ${c}`,
  (c) => `if ${c}; then :; fi`,
  (c) => `for i in 1; do ${c}; done`,
  (c) => `f() { ${c}; }; f`,
  (c) => `cat <(${c})`,
  (c) => `bash <<'E'\n${c}\nE`,
  (c) => `trap ${quoted(c)} EXIT`,
  (c) => `echo ok # note\n${c}`,
  (c) => `ssh host ${quoted(c)}`,
  (c) => `watch ${quoted(c)}`,
];
const BEFORE = [
  'env A=1',
  'command',
  'nice -n 3',
  'nohup',
  'timeout 5',
  'stdbuf -oL',
  'setsid',
  'exec',
  'time',
  'xargs',
  'busybox',
  'flock l',
  'docker exec c',
  'kubectl exec p --',
  'npx',
  'sudo -u x',
  'uv run',
];

/** The same words, spelled otherwise. */
const spelled = (word: string, way: number): string => {
  if (!/^[a-z]+$/u.test(word)) return word;
  const head = word.slice(0, 1);
  const tail = word.slice(1);
  return (
    [
      word,
      `"${word}"`,
      `'${head}'${tail}`,
      `${head}""${tail}`,
      `\\${word}`,
      `$'\\x${head.charCodeAt(0).toString(16)}'${tail}`,
    ][way % 6] ?? word
  );
};

describe('the judge of shell commands', () => {
  it('never counts a dangerous command less for what is wrapped around it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...DANGERS),
        fc.array(fc.constantFrom(...AROUND), { maxLength: 4 }),
        (danger, around) => {
          const wrapped = around.reduce((command, wrap) => wrap(command), danger);
          expect(rank(wrapped), wrapped).toBeGreaterThanOrEqual(rank(danger));
        },
      ),
      { numRuns: 400 },
    );
  });

  it('never counts a dangerous command less for what starts it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SIMPLE),
        fc.array(fc.constantFrom(...BEFORE), { maxLength: 4 }),
        (danger, before) => {
          const wrapped = [...before, danger].join(' ');
          expect(rank(wrapped), wrapped).toBeGreaterThanOrEqual(rank(danger));
        },
      ),
      { numRuns: 400 },
    );
  });

  it('never counts a dangerous command less for its quoting', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SIMPLE),
        fc.array(fc.nat(), { minLength: 6, maxLength: 6 }),
        (danger, ways) => {
          const command = danger
            .split(' ')
            .map((word, at) => spelled(word, ways[at % 6] ?? 0))
            .join(' ');
          expect(rank(command), command).toBeGreaterThanOrEqual(rank(danger));
        },
      ),
      { numRuns: 400 },
    );
  });

  it('never lowers a risk by what stands beside it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...DANGERS),
        fc.constantFrom('ls', 'npm test', 'cd src', 'x=1', 'echo "a"'),
        fc.constantFrom(';', '&&', '||', '&', '\n'),
        (danger, other, between) => {
          expect(rank(`${other} ${between} ${danger}`)).toBeGreaterThanOrEqual(rank(danger));
          expect(rank(`${danger} ${between} ${other}`)).toBeGreaterThanOrEqual(rank(danger));
        },
      ),
    );
  });

  it('answers any text, and refuses what the grammar rejects', () => {
    const pieces = fc.constantFrom(
      '$(',
      '`',
      '"',
      "'",
      '(',
      ')',
      '{',
      '}',
      '<<E',
      '\n',
      '|',
      '&',
      ';',
      '>',
      '<',
      '$',
      'rm',
      'ls',
      ' ',
      '\\',
      '#',
      'if',
      'fi',
      'do',
      'E',
      '${',
      '[[',
      ']]',
      '((',
      '=',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(pieces).map((all) => all.join('')),
        ),
        (text) => {
          const verdict = judgeShell(text);
          expect(RISKS).toContain(verdict.risk);
          if ((parse(text).errors?.length ?? 0) > 0) expect(verdict.decision, text).not.toBe('allow');
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['an open quote', 'echo "a'],
    ['an operator too many', 'ls &&& ls'],
    ['an error inside a substitution', 'echo $(ls &&& ls)'],
    ['a NUL', 'ls \u0000'],
    ['an escape character', 'ls \u001b[2K'],
    ['a carriage return', 'ls\rrm x'],
    ['text turned round', 'ls \u202e x'],
    ['a lone surrogate', 'ls \ud800'],
    ['64 kB', `ls ${'a'.repeat(65_536)}`],
    ['2,001 commands', 'ls;'.repeat(2_001)],
    ['nine levels of subshells', `${'( '.repeat(9)}ls${' )'.repeat(9)}`],
    ['nine levels of substitutions', `${'echo $('.repeat(9)}ls${')'.repeat(9)}`],
    ['nine levels of eval', `${'eval '.repeat(9)}ls`],
    ['depth that breaks recursion', '"$('.repeat(20_000)],
    ['a fork bomb', ':(){ :|:& };:'],
  ])('refuses %s', (_name, command) => {
    expect(judgeShell(command).decision).not.toBe('allow');
  });

  it('refuses every text with a character that shells and terminals read differently', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('ls', 'git status', 'echo "a b"', 'cat a | wc -l'),
        fc.constantFrom(
          '\u0000',
          '\u0001',
          '\u0003',
          '\u0008',
          '\u001b',
          '\r',
          '\u007f',
          '\u009b',
          '\u200b',
          '\u202e',
          '\u2066',
          '\ufeff',
          '\ud800',
        ),
        fc.nat(),
        (command, character, at) => {
          const cut = at % (command.length + 1);
          expect(judgeShell(command.slice(0, cut) + character + command.slice(cut)).decision).not.toBe(
            'allow',
          );
        },
      ),
    );
  });

  it('refuses every text that is too long, too deep or too much, whatever it says', () => {
    const much = fc.integer({ min: 2_001, max: 6_000 });
    fc.assert(
      fc.property(
        fc.constantFrom('ls', 'true', 'echo a'),
        fc.oneof(
          fc.integer({ min: 65_537, max: 200_000 }).map((size) => (c: string) => c.padEnd(size)),
          much.map((times) => (c: string) => `${c};`.repeat(times)),
          much.map((times) => (c: string) => `${c} |`.repeat(times) + c),
          much.map((times) => (c: string) => `${c} ${'a '.repeat(times * 2)}`),
          fc
            .integer({ min: 9, max: 400 })
            .map((deep) => (c: string) => `${'( '.repeat(deep)}${c}${' )'.repeat(deep)}`),
          fc
            .integer({ min: 9, max: 400 })
            .map((deep) => (c: string) => `${'echo $('.repeat(deep)}${c}${')'.repeat(deep)}`),
          fc.integer({ min: 201, max: 900 }).map((times) => (c: string) => `${c} <<E\nE\n`.repeat(times)),
        ),
        (command, grow) => {
          expect(judgeShell(grow(command)).decision).not.toBe('allow');
        },
      ),
      { numRuns: 60 },
    );
  });

  it('allows what is just within the limits', () => {
    expect(judgeShell('ls;'.repeat(1_999)).decision).toBe('allow');
    expect(judgeShell(`${'( '.repeat(4)}ls${' )'.repeat(4)}`).decision).toBe('allow');
  });

  it('escapes what would hide in the message', () => {
    expect(judgeShell('rm \u202e x').message).toContain('\\u202e');
  });
});
