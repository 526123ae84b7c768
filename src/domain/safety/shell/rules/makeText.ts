import { type Finding, high, script } from '../rule.ts';

/** Functions of make that run, write or make up something; those that only compute are left out. */
const ACTS = /\$([({])(shell|eval|file|guile|load)\b/u;

const MOST_FUNCTIONS = 1_000;

const CLOSES: Readonly<Record<string, string>> = { '(': ')', '{': '}' };

/** The end of what opens at `from`, nested ones counted; the text's end where it is not closed. */
const endOf = (text: string, from: number, opens: string): number => {
  const closes = CLOSES[opens] ?? '';
  for (let at = from, depth = 1; at < text.length; at += 1) {
    if (text[at] === opens) depth += 1;
    else if (text[at] === closes) depth -= 1;
    if (depth === 0) return at;
  }
  return text.length;
};

type MakeFunction = { readonly name: string; readonly text: string };

/** Calls of make's functions that act, wherever they stand in a text of make, also within each other. */
export const makeFunctions = (text: string): readonly MakeFunction[] => {
  const found: MakeFunction[] = [];
  let rest = text;
  while (found.length < MOST_FUNCTIONS) {
    const match = ACTS.exec(rest);
    if (match === null) break;
    const [all, opens = '(', name = ''] = match;
    const from = match.index + all.length;
    let doubled = 0;
    while (rest[match.index - doubled - 1] === '$') doubled += 1;
    // `$$(shell x)` is the shell's own.
    if (doubled % 2 === 0) found.push({ name, text: rest.slice(from, endOf(rest, from, opens)).trim() });
    rest = rest.slice(from);
  }
  return found;
};

/** A text that make hands to a shell, variables that make would fill in as the shell's own: unknown to all. */
const asShell = (text: string): string =>
  text.replaceAll(/\$\$|\$[({]([\w.-]+)[)}]|\$(\w)/gu, (all, name?: string, letter?: string) =>
    all === '$$' ? '$' : `\${${(name ?? letter ?? '').replaceAll(/\W/gu, '_')}}`,
  );

/** What make does as it reads a value: `make 'A=$(shell rm b)'`. */
export const makeValue = (value: string): readonly Finding[] =>
  makeFunctions(value).map(({ name, text }) =>
    name === 'shell'
      ? script(asShell(text))
      : high('inline-code', 'it hands make a program by its command line'),
  );
