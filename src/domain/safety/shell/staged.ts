import { normalize } from '../lexicalPath.ts';
import type { SimpleCommand } from './command.ts';
import type { Language } from './language.ts';
import type { Place } from './rule.ts';

/** One file written more often than that is no script that somebody reads. */
const MOST_VERSIONS = 8;
/** Of all scripts that one text writes and runs together; UTF-16 code units. */
const MOST_STAGED = 128 * 1024;
/** `cp a b; cp b c`: that often in a row. */
const MOST_COPIES = 8;

type Version = { text: string | undefined; readonly judged: Set<string> };

/** One run of a file; without `as` its first line says by what. */
export type Run = {
  readonly as: 'shell' | Language | undefined;
  readonly command: SimpleCommand;
  readonly depth: number;
  readonly place: Place | undefined;
};

/** What such a run executes; a text of undefined is one that nobody has read. */
export type StagedScript = Run & { readonly as: 'shell' | Language; readonly text: string | undefined };

const SHEBANGS: readonly (readonly [pattern: RegExp, language: 'shell' | Language])[] = [
  [/\b(ba|z|da|k|mk|a)?sh\b/u, 'shell'],
  [/\bpython/u, 'python'],
  [/\b(node|nodejs|bun|deno|tsx|ts-node)\b/u, 'javascript'],
  [/\bperl\b/u, 'perl'],
  [/\bruby\b/u, 'ruby'],
  [/\bphp\b/u, 'php'],
];

/** By its first line; without one a shell runs it. */
const languageOf = (text: string): 'shell' | Language => {
  const line = /^#!(.*)/u.exec(text)?.[1];
  return line === undefined ? 'shell' : (SHEBANGS.find(([pattern]) => pattern.test(line))?.[1] ?? 'rare');
};

/**
 * Files that a shell text makes and runs, by absolute path. The order of writing and running is left open:
 * functions, loops and jobs in the background may turn it round.
 */
export class StagedFiles {
  readonly #files = new Map<string, Version[]>();
  readonly #copies = new Map<string, string>();
  readonly #runs = new Map<string, Map<string, Run>>();
  #left = MOST_STAGED;

  /** @param text undefined: the text does not show what is written. */
  write(file: string, text: string | undefined, appends: boolean): void {
    const path = normalize(file);
    const versions = this.#files.get(path) ?? [];
    this.#files.set(path, versions);
    const last = versions.at(-1);
    if (appends && last !== undefined) {
      last.text = text === undefined || last.text === undefined ? undefined : `${last.text}\n${text}`;
      last.judged.clear();
    } else if (versions.length < MOST_VERSIONS) versions.push({ text, judged: new Set() });
    else if (last !== undefined) last.text = undefined;
  }

  copy(from: string, to: string): void {
    this.#copies.set(normalize(to), normalize(from));
  }

  run(file: string, run: Run): void {
    const path = normalize(file);
    const runs = this.#runs.get(path) ?? new Map<string, Run>();
    this.#runs.set(path, runs.set(run.as ?? '', runs.get(run.as ?? '') ?? run));
  }

  #versions(path: string): readonly Version[] {
    let at = path;
    for (let step = 0; step < MOST_COPIES; step += 1) {
      const found = this.#files.get(at);
      const from = this.#copies.get(at);
      if (found !== undefined || from === undefined) return found ?? [];
      at = from;
    }
    return [];
  }

  /** What has been written and is run, each only once. Too much of it comes as a text that nobody has read. */
  take(): readonly StagedScript[] {
    const found: StagedScript[] = [];
    for (const [path, runs] of this.#files.size === 0 ? [] : this.#runs)
      for (const [by, run] of runs)
        for (const version of this.#versions(path)) {
          if (version.judged.has(by)) continue;
          version.judged.add(by);
          this.#left -= version.text?.length ?? 0;
          const text = this.#left < 0 ? undefined : version.text;
          found.push({ ...run, as: run.as ?? languageOf(text ?? ''), text });
        }
    return found;
  }
}
