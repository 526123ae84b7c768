import { once } from 'node:events';
import { createServer } from 'node:http';
import path from 'node:path';
import type { CallToolResult, Client } from '@modelcontextprotocol/client';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { z } from 'zod';

/** What a host lets a view do that asks for no domains: run its own script and style, and nothing else. */
const STRICT = [
  "default-src 'none'",
  "script-src 'unsafe-inline'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  "connect-src 'none'",
  "form-action 'none'",
  "base-uri 'none'",
].join('; ');

const HOST =
  '<!doctype html><meta charset="utf-8"><body style="margin:0"><iframe sandbox="allow-scripts" style="display:block;border:0;width:100%;height:10px"></iframe><script type="module" src="/host.js"></script>';

const callSchema = z.object({ name: z.string(), arguments: z.record(z.string(), z.unknown()).optional() });
const readSchema = z.object({ uri: z.string() });

export type Call = z.infer<typeof callSchema>;
export type ViewHost = {
  readonly origin: string;
  readonly close: () => Promise<void>;
};

export type Asked = {
  /** Of the host, as it tells the view. */
  readonly context?: object;
  readonly capabilities?: object;
  /** Answers a call in place of the server. */
  readonly answer?: (call: Call) => CallToolResult | undefined;
};

export type Shown = {
  /** Calls that the view made, in their order. */
  readonly calls: readonly Call[];
  readonly links: readonly string[];
  /** Tells the view of the call that it stands beside. */
  readonly tell: (what: 'sendToolInput' | 'sendToolResult', params: object) => Promise<void>;
};

/** Serves the page of a host, and in it `view` under the policy that hosts have for views. */
export const serveViewHost = async (view: string): Promise<ViewHost> => {
  const built = await build({
    entryPoints: [path.join(import.meta.dirname, 'hostPage.js')],
    bundle: true,
    write: false,
    format: 'esm',
    logLevel: 'error',
  });
  const files: Readonly<Record<string, readonly [string, string]>> = {
    '/': ['text/html', HOST],
    '/view': ['text/html', view],
    '/host.js': ['text/javascript', built.outputFiles[0]?.text ?? ''],
  };
  const server = createServer((request, response) => {
    const [type, text] = files[request.url ?? ''] ?? ['text/plain', ''];
    response.setHeader('content-type', `${type}; charset=utf-8`);
    if (request.url === '/view') response.setHeader('content-security-policy', STRICT);
    response.end(text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
};

/** Opens the view in `page`; what it asks of its server goes through `client`, as a real host has it. */
export const showView = async (
  page: Page,
  host: ViewHost,
  client: Client,
  {
    context = {},
    capabilities = { serverTools: {}, serverResources: {}, openLinks: {} },
    answer,
  }: Asked = {},
): Promise<Shown> => {
  const calls: Call[] = [];
  const links: string[] = [];
  const ready = Promise.withResolvers<void>();
  await page.exposeFunction('callTool', async (params: unknown): Promise<CallToolResult> => {
    const call = callSchema.parse(params);
    calls.push(call);
    return answer?.(call) ?? client.callTool(call);
  });
  await page.exposeFunction('readResource', async (params: unknown) =>
    client.readResource(readSchema.parse(params)),
  );
  await page.exposeFunction('openLink', (url: unknown) => void links.push(String(url)));
  await page.exposeFunction('initialized', () => ready.resolve());
  await page.addInitScript(`window.asked = ${JSON.stringify({ context, capabilities })}`);
  await page.goto(host.origin);
  await ready.promise;
  return {
    calls,
    links,
    tell: async (what, params) => {
      await page.evaluate(`window.bridge.${what}(${JSON.stringify(params)})`);
    },
  };
};
