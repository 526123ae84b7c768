import { AsyncLocalStorage } from 'node:async_hooks';
import { pino } from 'pino';
import type { LogCategory, LogFields, Logger } from '../../application/ports/logger.ts';
import { type LineSink, prettySink, standardError } from './destination.ts';
import { toEntry, type WorkIds } from './entry.ts';
import { secretValues } from './secrets.ts';

// In lower case, since pino puts a `level` that sounds like one of its own into lower case.
const LEVELS = { debug: 20, info: 30, warning: 40, error: 50, critical: 60 } as const;
type Level = keyof typeof LEVELS;
export type LogLevel = Uppercase<Level>;
const PINO_LEVEL: Readonly<Record<LogLevel, Level>> = {
  DEBUG: 'debug',
  INFO: 'info',
  WARNING: 'warning',
  ERROR: 'error',
  CRITICAL: 'critical',
};

export type LoggerOptions = {
  readonly level: LogLevel;
  readonly format: 'json' | 'pretty';
  /** Written synchronously; stderr where left out. */
  readonly stream?: LineSink;
  /** Only for `pretty`: see `useColor` of the command line for NO_COLOR. */
  readonly color?: boolean;
  /** The values of its secret names (`*_TOKEN`, `*_KEY`, …) are struck out wherever they turn up. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
};

/**
 * The program's log on stderr, one entry a line: timestamp, level, category, logger, context, performance,
 * message. Ids given to `within` stand on every line logged below it, across awaits. Secrets are redacted by name
 * and by form at any depth; nothing logged can make it throw. It is asynchronous only to load what `pretty` needs.
 */
export const createLogger = async (options: LoggerOptions): Promise<Logger> => {
  const stream = options.stream ?? standardError();
  const now = options.now ?? Date.now;
  const log = pino(
    {
      level: PINO_LEVEL[options.level],
      customLevels: LEVELS,
      useOnlyCustomLevels: true,
      base: null,
      messageKey: 'message',
      timestamp: () => `,"timestamp":"${new Date(now()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label.toUpperCase() }) },
    },
    options.format === 'pretty' ? await prettySink(stream, options.color ?? false) : stream,
  );
  const entryOptions = {
    known: secretValues(options.env ?? {}),
    stacks: options.level === 'DEBUG',
    logger: 'claude-orchestrator',
  };
  const ids = new AsyncLocalStorage<WorkIds>();
  const at =
    (level: Level) =>
    (category: LogCategory, message: string, fields: LogFields = {}): void => {
      if (!log.isLevelEnabled(level)) return;
      const built = toEntry({ category, message, fields, ids: ids.getStore() ?? {} }, entryOptions);
      log[level](built.entry, built.message);
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warning: at('warning'),
    error: at('error'),
    critical: at('critical'),
    within: (more, work) => ids.run({ ...ids.getStore(), ...more }, work),
  };
};
