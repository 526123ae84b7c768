import { glob } from 'node:fs/promises';
import path from 'node:path';
import { textOf } from './manifests.ts';

/** The names that make itself looks for, in its order. */
export const MAKEFILES = ['GNUmakefile', 'makefile', 'Makefile'] as const;

const MOST_FILES = 64;
const INCLUDES = /^ *(?:-include|sinclude|include)\s+([^#]+)/u;

type ReadFiles = {
  readonly text: string;
  /** Absolute, those that others name included. */
  readonly files: readonly string[];
};

/** Files that a line includes, seen from the folder that make runs in; what only make can say is left out. */
const includedBy = async (line: string, folder: string): Promise<readonly string[]> => {
  const [, names = ''] = INCLUDES.exec(line) ?? [];
  const found: string[] = [];
  for (const name of names.split(/\s+/u)) {
    if (name === '' || name.includes('$')) continue;
    if (!/[*?[]/u.test(name)) found.push(path.resolve(folder, name));
    else
      for await (const each of glob(name, { cwd: folder })) {
        found.push(path.resolve(folder, each));
        if (found.length >= MOST_FILES) break;
      }
  }
  return found;
};

const firstOf = async (folder: string, names: readonly string[]): Promise<readonly string[]> => {
  for (const name of names) {
    const file = path.join(folder, name);
    if ((await textOf(file)) !== undefined) return [file];
  }
  return [];
};

/**
 * The makefiles that make reads in a folder, each included one where it is named.
 * @param named files of `-f`, as make sees them; without any the usual one.
 * @returns undefined where there is none.
 */
export const readMakefiles = async (
  folder: string,
  named: readonly string[] = [],
): Promise<ReadFiles | undefined> => {
  const files = new Set<string>();
  const read = async (file: string): Promise<readonly string[] | undefined> => {
    if (files.has(file) || files.size >= MOST_FILES) return [];
    const text = await textOf(file);
    if (text === undefined) return undefined;
    files.add(file);
    const lines: string[] = [];
    for (const line of text.split('\n')) {
      if (line.startsWith('\t')) {
        lines.push(line);
        continue;
      }
      const included = await includedBy(line, folder);
      if (included.length === 0) lines.push(line);
      for (const each of included) lines.push(...((await read(each)) ?? []));
    }
    return lines;
  };
  const first =
    named.length > 0 ? named.map((name) => path.resolve(folder, name)) : await firstOf(folder, MAKEFILES);
  const texts: string[] = [];
  for (const file of first) texts.push(...((await read(file)) ?? []));
  return files.size === 0 ? undefined : { text: texts.join('\n'), files: [...files] };
};
