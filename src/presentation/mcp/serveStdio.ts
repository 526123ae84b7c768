import type { Writable } from 'node:stream';
import { type StdioServerHandle, serveStdio } from '@modelcontextprotocol/server/stdio';
import type { ApiProvider } from './provider.ts';
import { createMcpConnection, type McpConnection, type McpServerOptions } from './server.ts';
import type { ByteSource } from './stdio/byteSource.ts';
import { createStdioTransport } from './stdioTransport.ts';
import type { ToolPreset } from './tools/index.ts';

export type ServeMcpOptions = Pick<McpServerOptions, 'appView' | 'dashboardUrl' | 'isRunning'> & {
  readonly api: ApiProvider;
  readonly version: string;
  /** Default `full`. */
  readonly tools?: ToolPreset;
  /** `standardInput()`, or `streamSource(…)` of any other stream. */
  readonly source: ByteSource;
  readonly stdout: Writable;
  /** Called once when the client is gone: the place to close the orchestrator. */
  readonly onEnd: () => void;
  /** Refused lines and faults below the protocol, for the log; only the message, never a stack. */
  readonly onProblem?: (message: string) => void;
};

/** Serves one client over stdio, in whichever protocol era it opens with. */
export const serveMcpStdio = (options: ServeMcpOptions): StdioServerHandle => {
  const {
    api,
    version,
    tools = 'full',
    source,
    stdout,
    onEnd,
    onProblem,
    appView,
    dashboardUrl,
    isRunning,
  } = options;
  let connection: McpConnection | undefined;
  const problem = (error: unknown): void =>
    onProblem?.(error instanceof Error ? error.message : String(error));
  const transport = createStdioTransport({
    source,
    stdout,
    onEnd,
    // The SDK answers this one itself, so no handler of ours would open the source of the updates.
    onRequest: (method) => {
      if (method === 'subscriptions/listen') queueMicrotask(() => connection?.watch().catch(problem));
    },
  });
  return serveStdio(
    ({ era }) => {
      connection = createMcpConnection(api, { version, era, tools, appView, dashboardUrl, isRunning });
      return connection.server;
    },
    { transport, onerror: problem },
  );
};
