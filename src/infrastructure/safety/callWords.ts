import path from 'node:path';
import { DYNAMIC, GLOB, HOME, isDynamic } from '../../domain/safety/markers.ts';
import type { SimpleCommand } from '../../domain/safety/shell/command.ts';
import { parseShell } from '../../domain/safety/shell/syntax/grammar.ts';
import { MOST_DEPTH } from '../../domain/safety/shell/syntax/walk.ts';
import { doubtAbout } from './doubts.ts';
import { atHome, MOST_FOLDERS, namedFolders, onlyGoes } from './namedFolders.ts';
import { plainName } from './runnerTable.ts';
import { UNKNOWN } from './shellQuote.ts';

/** A word that may name a file, and the folder that it is seen from. */
export type NamedWord = {
  readonly word: string;
  readonly from: string;
  /** Where it names a folder, the call only goes there: what lies in it is not what is named. */
  readonly goes?: true;
};

export type CallWords = {
  readonly names: readonly NamedWord[];
  /** What the call sets in the environment of what it starts. */
  readonly env: Readonly<Record<string, string>>;
  /** Scripts of a package, a makefile and the like: which program reads them, its words, and where it looks. */
  readonly runners: readonly {
    readonly program: string;
    readonly words: readonly string[];
    readonly from: string;
  }[];
  /** Why it cannot be told which files the call would run: nobody could approve it. */
  readonly doubts: readonly string[];
};

const ASSIGNS = /^([A-Za-z_]\w*)=(.*)$/su;
const DECLARES: ReadonlySet<string> = new Set(['export', 'declare', 'typeset', 'local', 'readonly']);
/** A word that is a script of its own, as after `-c`: it has blanks, or what only a shell reads. */
const SCRIPT = /[\s;&|<>()$`]/u;

/** Gathers every word of a shell text, scripts within words included: one too many binds only more. */
class Words {
  readonly names: NamedWord[] = [];
  readonly env = new Map<string, string>();
  readonly runners: CallWords['runners'][number][] = [];
  readonly doubts: string[] = [];

  script(text: string, cwd: string, depth: number): void {
    // What is deeper the judge refuses.
    if (depth > MOST_DEPTH) return;
    for (const command of parseShell(text, cwd, 0).commands) this.#command(command, cwd, depth);
  }

  #command(command: SimpleCommand, cwd: string, depth: number): void {
    const { words, assignments, redirects, stdin } = command;
    // A `cd` that fails leaves the command where it was.
    const starts = new Set([command.cwd ?? cwd, ...command.maybe.map((folder) => folder ?? cwd)]);
    const named = namedFolders(words, [...starts]);
    const doubt = named.length > MOST_FOLDERS ? 'it names too many folders to run in' : doubtAbout(command);
    if (doubt !== undefined) this.doubts.push(doubt);
    for (const { name, value } of assignments) this.#assign(name, value);
    if (DECLARES.has(words[0] ?? '')) for (const word of words) this.#assignment(word);
    const at = words.findIndex((word) => path.basename(word) === 'env');
    if (at !== -1) for (const word of words.slice(at + 1)) this.#assignment(word);
    if (stdin.kind === 'text') this.script(stdin.text, command.cwd ?? cwd, depth + 1);
    for (const from of [...starts, ...named]) {
      const led = !starts.has(from);
      for (const { target } of redirects) this.#name(target, from);
      for (const { value } of assignments) this.#name(value, from);
      for (const [index, word] of words.entries()) {
        this.#name(word, from, led || onlyGoes(words, index));
        this.#scriptIn(ASSIGNS.exec(word)?.[2] ?? word, from, depth);
      }
      for (const { value } of assignments) this.#scriptIn(value, from, depth);
      // Behind wrappers the program is a later word; of two of one name the first one has all the words.
      const programs = new Set<string>();
      for (const [index, word] of words.entries()) {
        const program = plainName(word);
        if (!programs.has(program)) this.runners.push({ program, words: words.slice(index + 1), from });
        programs.add(program);
      }
      this.#onPath(words[0], from);
    }
  }

  #scriptIn(word: string, from: string, depth: number): void {
    if (!SCRIPT.test(word) || word.startsWith(DYNAMIC)) return;
    // Parts that nobody knows stay such.
    this.script(
      word.replaceAll(DYNAMIC, UNKNOWN).replaceAll(HOME, '$HOME').replaceAll(GLOB, '*'),
      from,
      depth + 1,
    );
  }

  /** A program that is looked for in folders which the call itself names. */
  #onPath(program: string | undefined, from: string): void {
    const folders = this.env.get('PATH');
    if (folders === undefined || program === undefined || program.includes('/')) return;
    for (const folder of folders.split(':'))
      if (folder !== '' && !isDynamic(folder)) this.#name(`${folder}/${program}`, from);
  }

  #assignment(word: string): void {
    const [, name, value] = ASSIGNS.exec(word) ?? [];
    if (name !== undefined) this.#assign(name, value ?? '');
  }

  #assign(name: string, value: string): void {
    this.env.set(name, readable(value));
  }

  /** The word, and what stands behind `=`, `@` or an option's letter in it. */
  #name(word: string, from: string, goes = false): void {
    const after = word.includes('=') ? [word.slice(word.indexOf('=') + 1)] : [];
    const attached = /^-[A-Za-z]./u.test(word) ? [word.slice(2)] : [];
    const at = /^@./u.test(word) ? [word.slice(1)] : [];
    for (const [index, each] of [word, ...after, ...attached, ...at].entries()) {
      if (each === '' || isDynamic(each)) continue;
      // As in `cut -d/` and `tr / _`: more often a character than a folder. What is deleted is bound anyway.
      const sign = each === '/' || (index > 0 && each === '.');
      this.names.push({
        word: atHome(each),
        from,
        ...(goes || sign ? { goes: true } : {}),
      });
    }
  }
}

const readable = (value: string): string =>
  value
    .replaceAll(HOME, '~')
    .replaceAll(GLOB, '*')
    .replaceAll(/[\u0000-\u0008]/gu, '…');

/** All that a shell command names, as far as its text tells. */
export const wordsOf = (command: string, cwd: string): CallWords => {
  const words = new Words();
  words.script(command, cwd, 0);
  const distinct = new Map(
    words.names.map((name) => [`${name.goes === true}\n${name.from}\n${name.word}`, name]),
  );
  return {
    names: [...distinct.values()],
    env: Object.fromEntries(words.env),
    runners: words.runners,
    doubts: words.doubts,
  };
};
