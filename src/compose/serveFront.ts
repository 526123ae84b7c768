import type { ConfigInput } from '../infrastructure/config/reading.ts';
import { reconnectingApi } from '../presentation/front/reconnectingApi.ts';
import { serveMcpStdio } from '../presentation/mcp/serveStdio.ts';
import { standardInput } from '../presentation/mcp/stdio/byteSource.ts';
import { appView } from './appView.ts';
import { version } from './thisProcess.ts';
import { toolPreset } from './toolPreset.ts';

/**
 * Serves one MCP client over stdio and forwards its calls to the server of this user, which outlives it. What
 * a client asks first (`initialize`, `tools/list`) is answered here: nothing is read, started or connected
 * before the first call that needs the server.
 */
export const serveFront = async (flags: ConfigInput['flags']): Promise<void> => {
  const gone = Promise.withResolvers<void>();
  const ended = new AbortController();
  // Clients show it in their log; stdout is the protocol's alone.
  const say = (what: string): void => void process.stderr.write(`claude-orchestrator: ${what}\n`);
  const running = async () =>
    (await import('./connect.ts')).connectToRunning({ flags, as: 'front', signal: ended.signal });
  const api = reconnectingApi({
    connect: async () =>
      (await import('./connect.ts')).connect({ flags, as: 'front', signal: ended.signal, onNote: say }),
  });
  // Loses nothing: the job is the server's.
  process.on('unhandledRejection', (reason) =>
    say((reason instanceof Error ? reason.message : String(reason)).slice(0, 500)),
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => gone.resolve());
  serveMcpStdio({
    api: async () => api,
    version,
    tools: toolPreset(process.env, flags),
    appView,
    dashboardUrl: async () => (await running())?.url,
    isRunning: async () => (await running()) !== undefined,
    source: standardInput(),
    stdout: process.stdout,
    onEnd: () => gone.resolve(),
    onProblem: (problem) => say(problem),
  });
  await gone.promise;
  ended.abort();
  process.exit(0);
};
