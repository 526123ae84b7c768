import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { CONFIG_DIR_ENV, namesOf, SETTING_KEYS, type SettingKey } from './schema.ts';

export type Source = 'environment' | '.env' | 'config.json' | 'flag' | 'default';

/** One thing that is wrong. `setting` is the variable's name, or the name of a file. */
export type Problem = { readonly setting: string; readonly source: Source; readonly message: string };

/** What one source says, still unread. */
export type Layer = { readonly source: Source; readonly values: ReadonlyMap<SettingKey, unknown> };

export type Gathered = {
  /** Strongest first. */
  readonly layers: readonly Layer[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
};

export type Variables = Readonly<Record<string, string | undefined>>;
export type Flags = Readonly<Partial<Record<SettingKey, string>>>;

type FileRead = Omit<Layer, 'source'> & Omit<Gathered, 'layers'>;

const PREFIX = 'ORCHESTRATOR_';

// Clients that fill a form for the user pass empty variables for what was left out.
const isSet = (raw: unknown): boolean =>
  raw !== undefined && raw !== null && !(typeof raw === 'string' && raw.trim() === '');

const pick = (source: Source, find: (key: SettingKey) => unknown): Layer => ({
  source,
  values: new Map(SETTING_KEYS.map((key) => [key, find(key)] as const).filter(([, raw]) => isSet(raw))),
});

const known = new Set([CONFIG_DIR_ENV, ...SETTING_KEYS.map((key) => namesOf(key).env)]);
const foreign = (names: readonly string[]): readonly string[] =>
  names.filter((name) => name.startsWith(PREFIX) && !known.has(name));

const textOf = (file: string): { text?: string; fault?: string } => {
  try {
    return { text: readFileSync(file, 'utf8').replace(/^\uFEFF/, '') };
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown';
    return code === 'ENOENT' || code === 'ENOTDIR' ? {} : { fault: `cannot be read (${code})` };
  }
};

const misplaced = (source: Source): Problem => ({
  setting: CONFIG_DIR_ENV,
  source,
  message: 'names the folder of this file, so it can only be set in the environment',
});
const unknown = (setting: string, source: Source): Problem => ({
  setting,
  source,
  message: 'is not a setting',
});

const readDotEnv = (text: string): FileRead => {
  const variables: Variables = parseEnv(text);
  const names = Object.keys(variables);
  const strangers = names.filter((name) => !name.startsWith(PREFIX) && !known.has(name));
  return {
    values: pick('.env', (key) => variables[namesOf(key).env]).values,
    problems: [
      ...(CONFIG_DIR_ENV in variables ? [misplaced('.env')] : []),
      ...foreign(names).map((name) => unknown(name, '.env')),
    ],
    warnings: strangers.map(
      (name) => `${name} in .env is not a setting and is not used: set it in the environment.`,
    ),
  };
};

const objectSchema = z.record(z.string(), z.unknown());

const readJson = (text: string): FileRead => {
  const nothing = { values: new Map<SettingKey, unknown>(), warnings: [] };
  const wrong = (message: string): FileRead => ({
    ...nothing,
    problems: [{ setting: 'config.json', source: 'config.json', message }],
  });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (thrown) {
    // The engine's message quotes the text around the fault, and that may be a secret: only the place is told.
    const place = /line \d+ column \d+/.exec(String(thrown))?.[0] ?? /position \d+/.exec(String(thrown))?.[0];
    return wrong(`is not valid JSON${place === undefined ? '' : ` at ${place}`}`);
  }
  const read = objectSchema.safeParse(parsed);
  if (!read.success) return wrong('must hold one JSON object');
  const files = new Set(SETTING_KEYS.map((key) => namesOf(key).file));
  return {
    values: pick('config.json', (key) => read.data[namesOf(key).file]).values,
    problems: Object.keys(read.data)
      .filter((name) => !files.has(name))
      .map((name) => (name === 'config_dir' ? misplaced('config.json') : unknown(name, 'config.json'))),
    warnings: [],
  };
};

const readFile = (dir: string, name: '.env' | 'config.json'): FileRead => {
  const { text, fault } = textOf(path.join(dir, name));
  const problems = fault === undefined ? [] : [{ setting: name, source: name, message: fault }];
  if (text === undefined) return { values: new Map(), problems, warnings: [] };
  return name === '.env' ? readDotEnv(text) : readJson(text);
};

/**
 * Reads all sources. Files only come from `configDir`: a workspace must never configure the server that works
 * on it.
 * @param configDir absolute path; `named` says that the user chose it.
 */
export const gather = (
  env: Variables,
  flags: Flags,
  configDir: { path: string; named: boolean },
): Gathered => {
  const dotEnv = readFile(configDir.path, '.env');
  const json = readFile(configDir.path, 'config.json');
  const absent =
    configDir.named && statSync(configDir.path, { throwIfNoEntry: false })?.isDirectory() !== true;
  return {
    layers: [
      pick('environment', (key) => env[namesOf(key).env]),
      { source: '.env', values: dotEnv.values },
      { source: 'config.json', values: json.values },
      pick('flag', (key) => flags[key]),
    ],
    problems: [...dotEnv.problems, ...json.problems],
    warnings: [
      ...(absent ? [`${CONFIG_DIR_ENV} names a folder that is not there: no file was read.`] : []),
      ...foreign(Object.keys(env)).map(
        (name) => `${name} in the environment is not a setting of this version.`,
      ),
      ...dotEnv.warnings,
      ...json.warnings,
    ],
  };
};
