import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

export const PACKAGE_FILE = 'package.json';
/** The names that make itself looks for, in its order. */
export const MAKEFILES = ['GNUmakefile', 'makefile', 'Makefile'] as const;

const FILE_BYTES = 1024 * 1024;

const packageSchema = z.object({ scripts: z.record(z.string(), z.string()).default({}) });

/** Scripts of a package by their names. */
export type Scripts = Readonly<Record<string, string>>;

/** @returns undefined where there is no such file, or none that can be read. */
const textOf = async (file: string): Promise<string | undefined> => {
  const size = (await stat(file).catch(() => undefined))?.size;
  if (size === undefined) return undefined;
  return size > FILE_BYTES ? '' : await readFile(file, 'utf8').catch(() => '');
};

/** The folder and all above it, the nearest first. @param folder absolute. */
export const foldersUp = (folder: string): readonly string[] => {
  const folders: string[] = [];
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    folders.push(at);
    if (at === path.dirname(at)) return folders;
  }
};

/** The scripts of the package in a folder; undefined where there is none, none of one that npm cannot read either. */
export const scriptsIn = async (folder: string): Promise<Scripts | undefined> => {
  const text = await textOf(path.join(folder, PACKAGE_FILE));
  if (text === undefined) return undefined;
  try {
    return packageSchema.parse(JSON.parse(text.replace(/^\uFEFF/u, ''))).scripts;
  } catch {
    return {};
  }
};

/** The nearest package at or above a folder, as npm looks for it. */
export const nearestPackage = async (
  folder: string,
): Promise<{ readonly folder: string; readonly scripts: Scripts } | undefined> => {
  for (const at of foldersUp(folder)) {
    const scripts = await scriptsIn(at);
    if (scripts !== undefined) return { folder: at, scripts };
  }
  return undefined;
};

/** The texts of what npm runs before a script, of itself and after it, as far as they are there. */
export const withHooks = (scripts: Scripts, name: string): readonly string[] =>
  [`pre${name}`, name, `post${name}`].flatMap((each) =>
    Object.hasOwn(scripts, each) ? (scripts[each] ?? []) : [],
  );

/** The text of the makefile that make takes in a folder; undefined where there is none. */
export const makefileIn = async (folder: string): Promise<string | undefined> => {
  for (const name of MAKEFILES) {
    const text = await textOf(path.join(folder, name));
    if (text !== undefined) return text;
  }
  return undefined;
};
