import path from 'node:path';
import type { TargetsCall } from '../../domain/safety/shell/rules/scriptCalls.ts';
import { foldersUp, textOf } from './manifests.ts';
import { quoted, UNKNOWN, within } from './shellQuote.ts';

export const JUSTFILES = ['justfile', 'Justfile', '.justfile', 'JUSTFILE', '.Justfile'] as const;

const MOST_FILES = 32;
const MOST_RECIPES = 64;

const HEAD = /^@?([A-Za-z_][\w-]*)((?:\s[^:]*)?):(?!=)(.*)$/u;
const ASSIGNS = /^(?:export\s+)?([A-Za-z_][\w-]*)\s*:=\s*(.*)$/u;
const TEXT = /^(?:'([^']*)'|"([^"\\]*)")$/u;
const SHELLS = /^\[\s*["'](?:\S*\/)?(?:ba|z|da|k)?sh["']/u;

type Recipe = {
  readonly params: readonly string[];
  readonly needs: readonly string[];
  readonly lines: readonly string[];
};

type Justfile = {
  readonly recipes: Map<string, Recipe & { lines: string[] }>;
  readonly aliases: Map<string, string>;
  readonly variables: Map<string, string>;
  /** Commands between backticks, which run as the file is read. */
  readonly reading: string[];
  /** Its lines are no text for a shell. */
  foreign: boolean;
};

/** The justfile that just takes in a folder, the nearest upwards. */
export const justfileFor = async (folder: string, named: readonly string[]): Promise<string | undefined> => {
  const [first] = named;
  if (first !== undefined) return path.resolve(folder, first);
  for (const at of foldersUp(folder))
    for (const name of JUSTFILES)
      if ((await textOf(path.join(at, name))) !== undefined) return path.join(at, name);
  return undefined;
};

/** Files that a justfile takes in by `import`, absolute, itself the first. */
export const justfilesOf = async (
  file: string,
  seen: Set<string> = new Set(),
): Promise<readonly string[]> => {
  const text = seen.has(file) || seen.size >= MOST_FILES ? undefined : await textOf(file);
  if (text === undefined) return [...seen];
  seen.add(file);
  for (const [, name = ''] of text.matchAll(/^(?:import|mod)\??\s+(?:\w+\s+)?['"]([^'"]+)['"]/gmu))
    await justfilesOf(path.resolve(path.dirname(file), name), seen);
  for (const [, name = ''] of text.matchAll(/^mod\??\s+(\w+)\s*$/gmu))
    for (const each of [`${name}.just`, `${name}/mod.just`, `${name}/justfile`])
      await justfilesOf(path.resolve(path.dirname(file), each), seen);
  return [...seen];
};

const parsed = (text: string): Justfile => {
  const file: Justfile = {
    recipes: new Map(),
    aliases: new Map(),
    variables: new Map(),
    reading: [],
    foreign: false,
  };
  let lines: string[] | undefined;
  for (const line of text
    .replaceAll(/\r\n/gu, '\n')
    .replaceAll(/\\\n[ \t]*/gu, ' ')
    .split('\n')) {
    if (/^\s/u.test(line)) {
      lines?.push(line.trim());
      continue;
    }
    if (line.trim() === '' || /^[#[]/u.test(line)) continue;
    lines = undefined;
    const [, setting, value = ''] = /^set\s+([\w-]+)\s*:=\s*(.*)$/u.exec(line) ?? [];
    if (setting !== undefined) file.foreign ||= setting === 'shell' && !SHELLS.test(value);
    const [, alias, of = ''] = /^alias\s+([\w-]+)\s*:=\s*([\w-]+)/u.exec(line) ?? [];
    if (alias !== undefined) file.aliases.set(alias, of);
    const [, variable, given = ''] = ASSIGNS.exec(line) ?? [];
    if (variable !== undefined) {
      const [, single, double] = TEXT.exec(given.trim()) ?? [];
      const known = single ?? double;
      if (known !== undefined) file.variables.set(variable, known);
      file.reading.push(...[...given.matchAll(/`([^`]+)`/gu)].map(([, ran = '']) => ran));
      continue;
    }
    const [, name, params = '', needs = ''] = HEAD.exec(line) ?? [];
    if (name === undefined) continue;
    lines = [];
    file.recipes.set(name, {
      params: params.split(/\s+/u).filter((each) => each !== ''),
      needs: [...needs.replace(/#.*$/u, '').matchAll(/(?:^|[\s(])([A-Za-z_][\w-]*)/gu)].map(
        ([, each = '']) => each,
      ),
      lines,
    });
  }
  return file;
};

/** `{{x}}` by what x is; a shell's unknown variable where that cannot be told. */
const filled = (line: string, values: ReadonlyMap<string, string>): string =>
  line.replaceAll(/\{\{\{\{|\{\{([^{}]*)\}\}/gu, (all, expression?: string) =>
    all === '{{{{' ? '{{' : (values.get(expression?.trim() ?? '') ?? UNKNOWN),
  );

/** A recipe's body as a shell gets it: each line by itself, or all of it where it says what reads it. */
const bodyOf = (lines: readonly string[]): readonly string[] => {
  const [first = ''] = lines;
  const reader = /^#!\s*(?:\S*\/env\s+(?:-\S+\s+)*)?(\S+)/u.exec(first)?.[1];
  if (reader === undefined)
    return lines.filter((line) => !/^(#|$)/u.test(line)).map((line) => `( ${line.replace(/^[@-]+/u, '')}\n)`);
  const program = path.basename(reader);
  const body = lines.slice(1).join('\n');
  return /^(ba|z|da|k)?sh$/u.test(program)
    ? [`( ${body}\n)`]
    : [`${program} <<'END_OF_THE_RECIPE'\n${body}\nEND_OF_THE_RECIPE`];
};

/** What just runs for a call in a folder, with the arguments of its recipes; undefined where that cannot be told. */
export const justText = async (folder: string, call: TargetsCall): Promise<string | undefined> => {
  const first = await justfileFor(folder, call.files);
  if (first === undefined) return undefined;
  const texts = await Promise.all((await justfilesOf(first)).map(textOf));
  const file = parsed(texts.join('\n'));
  const start = call.targets.length > 0 ? call.targets : [...file.recipes.keys()].slice(0, 1);
  const names = start.map((name) => name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf(':')) + 1));
  const [wanted = ''] = names;
  const of = (name: string) => file.recipes.get(file.aliases.get(name) ?? name);
  if (file.foreign || of(wanted) === undefined) return undefined;
  const known = new Map([...file.variables, ...Object.entries(call.variables)]);
  const lines: string[] = file.reading.map((ran) => `( ${ran}\n)`);
  const seen = new Set<string>();
  const follow = (name: string, args: readonly string[]): void => {
    const recipe = of(name);
    if (recipe === undefined || seen.has(name) || seen.size >= MOST_RECIPES) return;
    seen.add(name);
    for (const need of recipe.needs) follow(need, []);
    const values = new Map(known);
    for (const [at, param] of recipe.params.entries()) {
      const [written = '', standard] = param.split('=');
      const [, single, double] = TEXT.exec(standard ?? '') ?? [];
      const rest = /^[+*]/u.test(written) ? args.slice(at).map(quoted).join(' ') : args[at];
      const value =
        rest === undefined || rest === '' ? (single ?? double ?? known.get(standard ?? '')) : rest;
      const key = written.replace(/^[+*$]+/u, '');
      if (value === undefined) values.delete(key);
      else values.set(key, /[\u0000-\u0003]/u.test(value) ? quoted(value) : value);
    }
    lines.push(...bodyOf(recipe.lines.map((line) => filled(line, values))));
  };
  // A word behind a recipe is its argument, or the next recipe.
  for (const [at, name] of names.entries()) follow(name, start.slice(at + 1));
  return lines.length === 0 ? '' : within(path.dirname(first), folder, lines.join('\n'));
};
