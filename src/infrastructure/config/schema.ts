import { z } from 'zod';
import { clientAndLogsSettings } from './schema/clientAndLogs.ts';
import { type SettingMeta, settings } from './schema/meta.ts';
import { safetySettings } from './schema/safety.ts';
import { serverSettings } from './schema/server.ts';
import { workSettings } from './schema/work.ts';

/**
 * Every setting there is. Values are those after the read: numbers, lists, absolute paths. The key gives the
 * names: `maxWorkers` is `max_workers` in config.json and `--max-workers` on the command line.
 */
export const configSchema = z.object({
  ...workSettings,
  ...serverSettings,
  ...safetySettings,
  ...clientAndLogsSettings,
});

/** What the schema reads: `maxWorkers` may still be `auto`. */
export type ReadConfig = z.output<typeof configSchema>;
export type SettingKey = keyof ReadConfig;

/** The configuration as the program uses it. Seconds for time, absolute paths for folders. */
export type Config = Omit<ReadConfig, 'maxWorkers'> & {
  readonly maxWorkers: number;
  readonly configDir: string;
};

/** All keys, in the order of the schema. */
export const SETTING_KEYS: readonly SettingKey[] = configSchema.keyof().options;

/** The setting that names the folder of `.env` and `config.json`: it cannot stand in them. */
export const CONFIG_DIR_ENV = 'ORCHESTRATOR_CONFIG_DIR';

export type SettingNames = SettingMeta & {
  readonly key: SettingKey;
  readonly file: string;
  readonly flag: string;
};

const parts = (key: string, joint: string): string =>
  key.replace(/[A-Z]/g, (letter) => joint + letter.toLowerCase());

/** @returns what the outside calls the setting: variable, key in config.json, flag (with its dashes). */
export const namesOf = (key: SettingKey): SettingNames => {
  const meta = settings.get(configSchema.shape[key]);
  if (meta === undefined) throw new Error(`the setting ${key} has no description`);
  return { ...meta, key, file: parts(key, '_'), flag: `--${parts(key, '-')}` };
};
