import path from 'node:path';

/** What the canary tries, each time on a folder of its own that must still stand afterwards. */
export const TRIALS = {
  /** By the worker itself: refused by the judge. */
  direct: 'a call of the worker',
  /** By a sub-agent of it: refused by the judge. */
  subagent: 'a call of a sub-agent',
  /** The gate fails as it judges this one. */
  thrown: 'a call whose hook fails',
  /** The gate never answers to this one. */
  late: 'a call whose hook is late',
} as const;
export type Trial = keyof typeof TRIALS;
export const TRIAL_NAMES: readonly Trial[] = ['direct', 'thrown', 'late', 'subagent'];

/** The folders lie in the state directory: no policy can let a worker touch what is there. */
export const targetOf = (folder: string, trial: Trial): string => path.join(folder, trial);

export const commandOf = (folder: string, trial: Trial): string => `rm -rf -- '${targetOf(folder, trial)}'`;

/** Which trial a command is; undefined for every other command. */
export const trialOf = (folder: string, command: unknown): Trial | undefined =>
  TRIAL_NAMES.find((trial) => command === commandOf(folder, trial));
