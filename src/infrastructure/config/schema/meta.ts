import { z } from 'zod';

export type SettingMeta = {
  /** Name of the environment variable, also used in `.env`. */
  readonly env: string;
  /** What the value looks like, for help and docs. */
  readonly form: string;
  /** The default in words: some depend on the machine. */
  readonly fallback: string;
  readonly description: string;
  /** Never shown, and no flag: a command line can be read by everyone. */
  readonly secret?: true;
};

/** What each setting is called and what it is for. */
export const settings = z.registry<SettingMeta>();
