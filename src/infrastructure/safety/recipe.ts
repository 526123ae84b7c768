import { makeFunctions } from '../../domain/safety/shell/rules/makeText.ts';
import { parseMakefile, type Rule } from './makefile.ts';
import { MakeVariables, withoutUnknown } from './makeVariables.ts';
import { UNKNOWN } from './shellQuote.ts';

/** Prerequisites that are followed for one call. */
const MOST_TARGETS = 1_000;
const SHELLS = /^((\/usr)?\/bin\/(env +)?)?(ba|z|da|k)?sh$/u;

type Targets = {
  readonly targets: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
};

const joined = (...rules: readonly Rule[]): Rule => ({
  needs: rules.flatMap(({ needs }) => needs),
  lines: rules.flatMap(({ lines }) => lines),
});

/** Rules by the names that their targets have once variables are filled in. */
const named = (rules: ReadonlyMap<string, Rule>, variables: MakeVariables): ReadonlyMap<string, Rule> => {
  const found = new Map<string, Rule>();
  for (const [written, rule] of rules)
    for (const name of variables.filled(written).flatMap((each) => each.split(/\s+/u)))
      found.set(name, joined(found.get(name) ?? { needs: [], lines: [] }, rule));
  return found;
};

/** The rule for a target, or that of a pattern with what stands for its `%`. */
const ruleFor = (
  rules: ReadonlyMap<string, Rule>,
  name: string,
): { readonly rule: Rule; readonly stem: string | undefined } | undefined => {
  const rule = rules.get(name);
  if (rule !== undefined) return { rule, stem: undefined };
  for (const [pattern, each] of rules) {
    const [start = '', end, ...more] = pattern.split('%');
    if (end === undefined || more.length > 0 || name.length < start.length + end.length) continue;
    if (name.startsWith(start) && name.endsWith(end))
      return { rule: each, stem: name.slice(start.length, name.length - end.length) };
  }
  return undefined;
};

/**
 * What make runs for targets by the text of its makefiles: what runs as they are read, then the recipes of their
 * prerequisites and their own, one line each, once for each value that a variable may have.
 * @param call no target is the first one that does not begin with a dot.
 * @returns shell text without the lines that hold what the makefile does not show; undefined where there is no
 *   such target, or where its recipes are no shell text.
 */
export const recipeOf = (text: string, call: Targets): string | undefined => {
  const makefile = parseMakefile(text);
  const given = Object.entries(call.variables).map(([name, value]) => [name, [value]] as const);
  const values = new Map<string, readonly string[]>([...makefile.variables, ...given]);
  const shells = values.get('SHELL') ?? [];
  if (/^\.RECIPEPREFIX/mu.test(text) || !shells.every((shell) => SHELLS.test(shell.trim()))) return undefined;
  const variables = new MakeVariables(values);
  const rules = named(makefile.rules, variables);
  const usual = values.get('.DEFAULT_GOAL')?.at(-1) ?? [...rules.keys()].find((name) => !/^\.|%/u.test(name));
  const wanted = call.targets.length > 0 ? call.targets : usual === undefined ? [] : [usual];
  // Each line has a shell of its own, unless the makefile says otherwise.
  const oneShell = /^\.ONESHELL/mu.test(text);
  const lines: string[] = [];
  const add = (line: string): void => {
    if (/^\s*(#|$)/u.test(line)) return;
    const plain = withoutUnknown(line);
    lines.push(!oneShell && /\bcd\b/u.test(plain) ? `( ${plain}\n)` : plain);
  };
  const addRun = (line: string, own?: ReadonlyMap<string, readonly string[]>): void => {
    for (const { name, text: ran } of makeFunctions(line))
      if (name === 'shell') variables.filled(ran, own).forEach(add);
  };
  const seen = new Set<string>();
  const follow = (name: string): void => {
    if (seen.has(name) || seen.size >= MOST_TARGETS) return;
    seen.add(name);
    const found = ruleFor(rules, name);
    if (found === undefined) return;
    const stem = new Map(found.stem === undefined ? [] : [['*', [found.stem]] as const]);
    const needs = found.rule.needs
      .flatMap((need) => variables.filled(need))
      .flatMap((need) => need.split(/\s+/u))
      .map((need) => need.replace('%', found.stem ?? '%'));
    needs.forEach(follow);
    const all = [needs.join(' ')];
    const own = new Map<string, readonly string[]>([
      ...stem,
      ['@', [name]],
      ['<', needs.slice(0, 1)],
      ['^', all],
      ['+', all],
      ['?', all],
    ]);
    for (const line of found.rule.lines) {
      addRun(line, own);
      for (const way of variables.filled(line.replace(/^[@+\s-]+/u, ''), own))
        for (const each of way.split('\n')) add(each.replace(/^[@+\s-]+/u, ''));
    }
  };
  for (const value of [...values.values()].flat()) addRun(value);
  for (const each of makefile.reading) variables.filled(each).forEach(add);
  for (const line of text.split('\n')) if (/^\s*\$[({]/u.test(line) && !line.startsWith('\t')) addRun(line);
  wanted.forEach(follow);
  // What nobody has read may be anything.
  if (variables.isFull || seen.size >= MOST_TARGETS) lines.push(UNKNOWN);
  // What is read runs all the same.
  return wanted.some((name) => ruleFor(rules, name) !== undefined) || lines.length > 0
    ? lines.join('\n')
    : undefined;
};
