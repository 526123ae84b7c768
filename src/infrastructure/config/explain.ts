import type { ConfigRow, Explanation } from '../../application/diagnosis.ts';
import { autoMaxWorkers, workersInMemory } from './defaults.ts';
import { problemLine } from './load.ts';
import { type ConfigInput, readConfig } from './reading.ts';
import { CONFIG_DIR_ENV, namesOf, SETTING_KEYS } from './schema.ts';

/** @returns every setting with its value and source, also where the configuration is wrong. Never throws for that. */
export const explainConfig = (input: ConfigInput): Explanation => {
  const reading = readConfig(input);
  const settings = SETTING_KEYS.map((key): ConfigRow => {
    const value = reading.values[key];
    const row = {
      name: namesOf(key).env,
      value: namesOf(key).secret && value !== undefined ? '(secret)' : (value ?? null),
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
