import { ConfigurationError } from '../../domain/errors/index.ts';
import { type ConfigInput, readConfig } from './reading.ts';
import type { Config, SettingKey } from './schema.ts';
import type { Problem, Source } from './sources.ts';

export type LoadedConfig = {
  readonly config: Config;
  readonly sources: ReadonlyMap<SettingKey, Source>;
  /** Sentences for the log. */
  readonly warnings: readonly string[];
};

/** One problem as a line: `ORCHESTRATOR_PORT_BASE (environment) must be from 1024 to 65000`. */
export const problemLine = ({ setting, source, message }: Problem): string =>
  setting === source ? `${setting} ${message}` : `${setting} (${source}) ${message}`;

/** @returns one error for all problems; the values themselves are not repeated. */
export const toConfigurationError = (problems: readonly Problem[]): ConfigurationError => {
  const count = problems.length === 1 ? 'A setting is wrong' : `${problems.length} settings are wrong`;
  return new ConfigurationError(`${count}:\n${problems.map((p) => `  - ${problemLine(p)}`).join('\n')}`, {
    hint: 'Correct them there; `claude-orchestrator config explain` shows every setting and where its value comes from.',
    context: { problems },
  });
};

/**
 * Reads the configuration: environment before `.env` before `config.json` before flags before defaults.
 * @throws ConfigurationError with every problem at once.
 */
export const loadConfig = (input: ConfigInput): LoadedConfig => {
  const reading = readConfig(input);
  if (reading.config === undefined) throw toConfigurationError(reading.problems);
  return { config: reading.config, sources: reading.sources, warnings: reading.warnings };
};
