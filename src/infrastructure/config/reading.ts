import path from 'node:path';
import { autoMaxWorkers, type Capacity, defaultsFor } from './defaults.ts';
import { type StandardPaths, standardPaths } from './paths.ts';
import { check } from './rules.ts';
import {
  CONFIG_DIR_ENV,
  type Config,
  configSchema,
  namesOf,
  type ReadConfig,
  SETTING_KEYS,
  type SettingKey,
} from './schema.ts';
import {
  type Flags,
  type Gathered,
  gather,
  type Layer,
  type Problem,
  type Source,
  type Variables,
} from './sources.ts';

export type ConfigInput = Capacity & {
  readonly env: Variables;
  readonly flags: Flags;
  readonly home: string;
  readonly cwd: string;
  /** The platform's folders where left out. */
  readonly paths?: StandardPaths;
  readonly stderrIsTerminal?: boolean;
};

/** The configuration as far as it could be read, with all that is wrong with it. */
export type Reading = {
  readonly values: Partial<ReadConfig>;
  /** The configuration, where nothing is wrong with it. */
  readonly config: Config | undefined;
  readonly sources: ReadonlyMap<SettingKey, Source>;
  /** Sources that name the setting too and lost, strongest first. */
  readonly losers: ReadonlyMap<SettingKey, readonly Source[]>;
  readonly configDir: string;
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
};

const configDirOf = (
  env: Variables,
  paths: StandardPaths,
): { path: string; named: boolean; problems: readonly Problem[] } => {
  const named = env[CONFIG_DIR_ENV]?.trim();
  if (named === undefined || named === '') return { path: paths.config, named: false, problems: [] };
  if (path.isAbsolute(named)) return { path: path.resolve(named), named: true, problems: [] };
  // A relative one would depend on the folder of the start, and so could be a workspace.
  const message = 'must be an absolute path';
  return {
    path: paths.config,
    named: false,
    problems: [{ setting: CONFIG_DIR_ENV, source: 'environment', message }],
  };
};

type Choice = {
  readonly key: SettingKey;
  readonly winner: Layer | undefined;
  readonly losers: readonly Layer[];
};

const choose = (layers: Gathered['layers']): readonly Choice[] =>
  SETTING_KEYS.map((key) => {
    const [winner, ...losers] = layers.filter((layer) => layer.values.has(key));
    return { key, winner, losers };
  });

const lostFlags = (choices: readonly Choice[]): readonly string[] =>
  choices.flatMap(({ key, winner, losers }) => {
    const flag = losers.find((layer) => layer.source === 'flag');
    if (flag === undefined || winner === undefined) return [];
    if (String(flag.values.get(key)) === String(winner.values.get(key))) return [];
    const { flag: name, env, file } = namesOf(key);
    const named = winner.source === 'config.json' ? file : env;
    return [`${name} is not used: ${named} from ${winner.source} is stronger than a flag.`];
  });

const complete = ({ maxWorkers, ...rest }: ReadConfig, configDir: string, capacity: Capacity): Config => ({
  ...rest,
  maxWorkers: maxWorkers === 'auto' ? autoMaxWorkers(capacity) : maxWorkers,
  configDir,
});

/** Reads, checks types and ranges, then the rules over what could be read. Never throws for bad settings. */
export const readConfig = (input: ConfigInput): Reading => {
  const paths = input.paths ?? standardPaths();
  const dir = configDirOf(input.env, paths);
  const gathered = gather(input.env, input.flags, dir);
  const choices = choose(gathered.layers);
  const defaults: Record<string, unknown> = defaultsFor({
    ...input,
    paths,
    stderrIsTerminal: input.stderrIsTerminal === true,
  });
  const raw = Object.fromEntries(
    choices.map(({ key, winner }) => [key, winner === undefined ? defaults[key] : winner.values.get(key)]),
  );
  const sources = new Map(
    choices.map(({ key, winner }): [SettingKey, Source] => [key, winner?.source ?? 'default']),
  );

  const unreadable = new Map<SettingKey, string>();
  const parsed = configSchema.safeParse(raw);
  for (const issue of parsed.error?.issues ?? []) {
    const key = SETTING_KEYS.find((name) => name === issue.path[0]);
    // The first fault of a setting is told; its further ones are mostly the same again.
    if (key !== undefined && !unreadable.has(key)) unreadable.set(key, issue.message);
  }
  const readable = Object.fromEntries(
    SETTING_KEYS.filter((key) => !unreadable.has(key)).map((key) => [key, raw[key]]),
  );
  const values: Partial<ReadConfig> = parsed.data ?? configSchema.partial().parse(readable);
  const findings = check(values, input);
  const toProblem = (key: SettingKey, message: string): Problem => ({
    setting: namesOf(key).env,
    source: sources.get(key) ?? 'default',
    message,
  });

  const problems = [
    ...dir.problems,
    ...gathered.problems,
    ...[...unreadable].map(([key, message]) => toProblem(key, message)),
    ...findings.problems.map(({ key, message }) => toProblem(key, message)),
  ];
  return {
    values,
    config: problems.length === 0 && parsed.success ? complete(parsed.data, dir.path, input) : undefined,
    problems,
    sources,
    losers: new Map(choices.map(({ key, losers }) => [key, losers.map((layer) => layer.source)])),
    configDir: dir.path,
    warnings: [
      ...gathered.warnings,
      ...lostFlags(choices),
      ...findings.warnings.map(({ key, message }) => `${namesOf(key).env} ${message}.`),
    ],
  };
};
