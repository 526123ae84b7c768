/** Variables within variables, ways to read one line, and all that is filled in for one call. */
const MOST_DEEP = 200;
const MOST_WAYS = 64;
const MOST_FILLED = 50_000;

const REFERENCE = /\$\$|\$\(([^()$]*)\)|\$\{([^{}$]*)\}|\$([^({$])/u;

/** What make knows without a makefile. */
const BUILT_IN: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({ RM: ['rm -f'], MAKE: ['make'], CC: ['cc'], CXX: ['c++'], AR: ['ar'], CURDIR: ['.'] }),
);
const NAME = /^[A-Za-z_]\w*$/u;
/** Of the environment, and as a shell fills them in. */
const EVERYBODYS: ReadonlySet<string> = new Set(['HOME', 'TMPDIR', 'PWD']);
const UNKNOWN = 'unknown_to_the_judge_';

export type Values = ReadonlyMap<string, readonly string[]>;

/**
 * A program that only the environment knows may be anything, or nothing: what stands behind it is read as a command,
 * as behind `env`.
 */
export const withoutUnknown = (line: string): string =>
  line.includes(UNKNOWN)
    ? line.replaceAll(/(^|[;&|({]\s*|\b(?:then|do|else)\s+)\$\{unknown_to_the_judge_\w+\}/gu, '$1env ')
    : line;

/** Fills the variables of one makefile in. */
export class MakeVariables {
  readonly #variables: Values;
  #left = MOST_FILLED;

  constructor(variables: Values) {
    this.#variables = variables;
  }

  /** There was more than anybody reads: what was left out may be anything. */
  get isFull(): boolean {
    return this.#left <= 0;
  }

  /** What a reference stands for, filled in itself; none where only make can say. */
  #valuesOf(name: string, own: Values, deep: number): readonly string[] {
    const called = /^call\s+([\w.-]+)/u.exec(name)?.[1] ?? name;
    const known = own.get(called) ?? this.#variables.get(called) ?? BUILT_IN.get(called);
    if (known === undefined)
      return !NAME.test(name) ? [] : [EVERYBODYS.has(name) ? `$\{${name}}` : `$\{${UNKNOWN}${name}}`];
    if (deep > MOST_DEEP) this.#left = 0;
    // `A := $(A) b`: within a value its name stands for the values before.
    return known.flatMap((value) =>
      value.includes('$')
        ? this.filled(
            value,
            new Map(own).set(called, known.length === 1 ? [''] : known.filter((each) => each !== value)),
            deep + 1,
          )
        : [value],
    );
  }

  /**
   * Ways to write a line with its variables filled in, one for each value that they may have. A name that nobody
   * gives a value is the environment's, so it stays a variable of the shell.
   * @param own values that hold for this line alone.
   * @returns those without anything that only make can say.
   */
  filled(line: string, own: Values = new Map(), deep = 0): readonly string[] {
    let ways: readonly string[] = [''];
    let rest = line;
    for (;;) {
      this.#left -= ways.length;
      if (this.isFull) return [];
      const found = REFERENCE.exec(rest);
      const before = found === null ? rest : rest.slice(0, found.index);
      if (/\$[({]/u.test(before)) return [];
      if (found === null) return ways.map((way) => way + before);
      const [all, round, curly, letter] = found;
      const values =
        all === '$$' ? ['$'] : this.#valuesOf((round ?? curly ?? letter ?? '').trim(), own, deep);
      if (ways.length * values.length > MOST_WAYS) this.#left = 0;
      ways = ways.flatMap((way) => values.map((value) => way + before + value));
      if (ways.length === 0) return [];
      rest = rest.slice(found.index + all.length);
    }
  }
}
