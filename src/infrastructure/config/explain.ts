import { autoMaxWorkers, workersInMemory } from './defaults.ts';
import { problemLine } from './load.ts';
import { type ConfigInput, readConfig } from './reading.ts';
import { CONFIG_DIR_ENV, namesOf, SETTING_KEYS } from './schema.ts';
import type { Source } from './sources.ts';

/** One setting: what it is and who said so. */
export type ConfigRow = {
  /** The environment variable. */
  readonly name: string;
  /** Null where it is not set, and where it could not be read: such a value may be a misplaced secret. */
  readonly value: string | number | readonly string[] | null;
  readonly source: Source;
  /** Sources that name it too and lost. */
  readonly overrides: readonly Source[];
  readonly note?: string;
};

export type Explanation = {
  readonly rows: readonly ConfigRow[];
  readonly warnings: readonly string[];
  /** One line each; empty where the server would start. */
  readonly problems: readonly string[];
};

/** @returns every setting with its value and source, also where the configuration is wrong. Never throws for that. */
export const explainConfig = (input: ConfigInput): Explanation => {
  const reading = readConfig(input);
  const settings = SETTING_KEYS.map((key): ConfigRow => {
    const value = reading.values[key];
    const row = {
      name: namesOf(key).env,
      value: value ?? null,
      source: reading.sources.get(key) ?? 'default',
      overrides: reading.losers.get(key) ?? [],
    };
    if (key !== 'maxWorkers' || value !== 'auto') return row;
    const note = `auto: 4 for each of ${input.cores} cores, memory holds ${workersInMemory(input)}, at most 16`;
    return { ...row, value: autoMaxWorkers(input), note };
  });
  const named = input.env[CONFIG_DIR_ENV]?.trim() ?? '';
  const configDir: ConfigRow = {
    name: CONFIG_DIR_ENV,
    value: reading.configDir,
    source: named === '' ? 'default' : 'environment',
    overrides: [],
  };
  return {
    rows: [configDir, ...settings],
    warnings: reading.warnings,
    problems: reading.problems.map(problemLine),
  };
};
