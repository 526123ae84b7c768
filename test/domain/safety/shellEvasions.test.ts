import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { RISKS } from '../../../src/domain/safety/verdict.ts';
import { judgeShell } from './facts.ts';

/** Commands by family; a line that begins with `## ` names one, `⏎` in a command is the end of a line. */
const families = (file: string): ReadonlyMap<string, readonly string[]> => {
  const found = new Map<string, string[]>();
  let family = '';
  for (const line of readFileSync(path.join(import.meta.dirname, file), 'utf8').split('\n')) {
    if (line.startsWith('## ')) family = line.slice(3);
    else if (line !== '') found.set(family, [...(found.get(family) ?? []), line.replaceAll('⏎', '\n')]);
  }
  return found;
};

const isHigh = (command: string): boolean => RISKS.indexOf(judgeShell(command).risk) >= RISKS.indexOf('HIGH');

describe('a command that loses, leaks or leaves something, however it is written, is at least HIGH', () => {
  it.each([...families('shellEvasions.txt')])('%s', (_family, commands) => {
    expect(commands.filter((command) => !isHigh(command))).toEqual([]);
  });
});

describe('what looks like it and is harmless, or ordinary work, stays below HIGH', () => {
  it.each([...families('shellHarmless.txt')])('%s', (_family, commands) => {
    expect(commands.filter(isHigh)).toEqual([]);
  });
});

describe('git clean', () => {
  const own = (file: string): boolean => /\/(dist|new\.txt)$/u.test(file);

  it('of named paths that the worker made itself is watched only', () => {
    for (const command of ['git clean -f new.txt', 'git clean -fdx dist', 'git clean -fd -- dist new.txt'])
      expect([command, judgeShell(command, {}, own).risk]).toEqual([command, 'MEDIUM']);
  });

  it('of anything else, of a pattern or of a whole folder is asked about', () => {
    for (const command of [
      'git clean -f other.txt',
      'git clean -fd dist other',
      'git clean -fd',
      'git clean -fdx .',
      "git clean -f '*.txt'",
      'git clean -f :/',
      'git clean -f ../dist',
      'git clean -f "$x"',
    ])
      expect([command, judgeShell(command, {}, own).risk]).toEqual([command, 'HIGH']);
  });
});
