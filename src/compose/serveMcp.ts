import type { Logger } from '../application/ports/logger.ts';
import type { ConfigInput } from '../infrastructure/config/reading.ts';
import type { ApiProvider } from '../presentation/mcp/provider.ts';
import { serveMcpStdio } from '../presentation/mcp/serveStdio.ts';
import { standardInput } from '../presentation/mcp/stdio/byteSource.ts';
import { localApi } from '../presentation/wire/localApi.ts';
import { appView } from './appView.ts';
import type { Core } from './openCore.ts';
import { configInput, version } from './thisProcess.ts';
import { toolPreset } from './toolPreset.ts';

/** A client that is gone waits for nothing: after this the process ends whatever still hangs, milliseconds. */
const EXIT_PATIENCE_MS = 4500;

/**
 * Serves one MCP client over stdio in this process. Nothing is read, locked or opened before the first call
 * that needs it; when the client goes, workers are stopped, state is kept, and the process ends.
 */
export const serveMcp = async (flags: ConfigInput['flags']): Promise<void> => {
  const gone = Promise.withResolvers<void>();
  const loaded = async () =>
    (await import('../infrastructure/config/load.ts')).loadConfig(configInput(flags));
  const logger = rememberOpened(async (): Promise<Logger> => {
    const { createLogger } = await import('../infrastructure/telemetry/logger.ts');
    const { config } = await loaded();
    return createLogger({ level: config.logLevel, format: config.logFormat, env: process.env });
  });
  const core = rememberOpened(async (): Promise<Core> => {
    const { config, warnings } = await loaded();
    const log = await logger.get();
    for (const warning of warnings) log.warning('SYSTEM', warning);
    const { openCore } = await import('./openCore.ts');
    const opened = await openCore(config, process.env, log, version);
    const { startNotices } = await import('./notices.ts');
    const { orchestrator } = opened;
    // This process has no pages, and ends by itself: what is under way then is ended with it.
    startNotices({ config, orchestrator, env: process.env, logger: log, version, publicUrl: undefined });
    return opened;
  });
  const api: ApiProvider = async () => {
    const { orchestrator, credentials, passphraseFile } = await core.get();
    const { approvalChoiceIn } = await import('../infrastructure/access/approvalChoice.ts');
    const { systemClock } = await import('../infrastructure/system/systemClock.ts');
    const { config } = await loaded();
    return localApi(orchestrator, {
      personIsSet: async () =>
        (await passphraseFile.read()) !== undefined || (await credentials.passkeys()).length > 0,
      elicitation: approvalChoiceIn(config.stateDir, systemClock),
    });
  };
  const problem = (message: string): void => {
    void logger.get().then(
      (log) => log.warning('API', 'a message was refused', { message }),
      () => undefined,
    );
    // A line that is refused opens nothing: without a call before it, there is no log to write it to.
    void core
      .opened()
      .then((opened) =>
        opened?.feed.tellSome('stdio', { type: 'input.hostile', actor: 'unknown', detail: { message } }),
      );
  };

  survivePromises(logger.get);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => gone.resolve());
  serveMcpStdio({
    api,
    version,
    tools: toolPreset(process.env, flags),
    appView,
    source: standardInput(),
    stdout: process.stdout,
    onEnd: () => gone.resolve(),
    onProblem: problem,
  });
  await gone.promise;
  const patience = setTimeout(() => process.exit(0), EXIT_PATIENCE_MS);
  await (await core.opened())?.close();
  clearTimeout(patience);
  // What a client's library keeps open (stdin, timers of a half-sent answer) is of no use any more.
  process.exit(0);
};

/**
 * A promise that nobody waited for, ours or a library's, must not take the running work with it. Only the message
 * is logged: a stack out of a minified bundle is 30,000 characters of one line.
 */
const survivePromises = (logger: () => Promise<Logger>): void => {
  process.on('unhandledRejection', (reason) => {
    const message = (reason instanceof Error ? reason.message : String(reason)).slice(0, 500);
    void logger().then(
      (log) => log.error('SYSTEM', 'a promise failed and nobody waited for it', { message }),
      () => undefined,
    );
  });
};

/** Remembers what was opened, but not a failure: what was in the way may be gone at the next call. */
const rememberOpened = <T>(
  open: () => Promise<T>,
): { get: () => Promise<T>; opened: () => Promise<T | undefined> } => {
  let opening: Promise<T> | undefined;
  return {
    get: () => {
      opening ??= open().catch((error: unknown) => {
        opening = undefined;
        throw error;
      });
      return opening;
    },
    opened: async () => opening?.catch(() => undefined),
  };
};
