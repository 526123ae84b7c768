import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { RESOURCE_MIME_TYPE } from '@modelcontextprotocol/ext-apps/server';
import { countTokens } from 'gpt-tokenizer';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { withSettings } from '../../../../src/presentation/mcp/apps/viewSettings.ts';
import { AGENT, type McpHttpOptions, startMcpHttp } from '../../../support/mcp/httpServer.ts';
import { FIXTURE_SERVER } from '../../../support/mcp/rawClient.ts';
import { buildView } from './buildView.ts';

const VIEW = 'ui://claude-orchestrator/job';
const PAGE = '<html><meta name="orchestrator" content="" /><p>the view</p></html>';
const UI = { extensions: { 'io.modelcontextprotocol/ui': { mimeTypes: [RESOURCE_MIME_TYPE] } } };
const WITH_VIEW = ['orchestrate', 'job_status', 'job_wait', 'job_result'];

type Mode = 'legacy' | 'auto';

const newClient = (mode: Mode, capabilities: object): Client => {
  const client = new Client(
    { name: 'test', version: '1' },
    { versionNegotiation: { mode }, capabilities: { ...capabilities } },
  );
  onTestFinished(() => client.close());
  return client;
};

const overStdio = async (mode: Mode, capabilities: object, args: readonly string[]): Promise<Client> => {
  const client = newClient(mode, capabilities);
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [FIXTURE_SERVER, ...args],
      stderr: 'ignore',
    }),
  );
  return client;
};

const overHttp = async (mode: Mode, capabilities: object, options: McpHttpOptions): Promise<Client> => {
  const http = await startMcpHttp(options);
  const client = newClient(mode, capabilities);
  await client.connect(
    new StreamableHTTPClientTransport(new URL(http.url), {
      requestInit: { headers: { authorization: `Bearer ${AGENT}` } },
    }),
  );
  onTestFinished(() => http.close());
  return client;
};

const appView = async (): Promise<string> => PAGE;
const shows: readonly (readonly [string, (capabilities: object) => Promise<Client>])[] = [
  ['2025 over stdio', (able) => overStdio('legacy', able, ['app'])],
  ['2026 over stdio', (able) => overStdio('auto', able, ['app'])],
  ['2026 over HTTP', (able) => overHttp('auto', able, { appView })],
];
const lacks: readonly (readonly [string, () => Promise<Client>])[] = [
  ['2025 over stdio', () => overStdio('legacy', {}, [])],
  ['2026 over stdio', () => overStdio('auto', {}, [])],
  ['2026 over HTTP', () => overHttp('auto', {}, {})],
];

const linked = async (client: Client): Promise<readonly string[]> =>
  (await client.listTools()).tools.filter((tool) => tool._meta !== undefined).map((tool) => tool.name);

describe.each(shows)('a client of %s', (era, connect) => {
  it('that shows views finds one linked from the four tools that answer with a job', async () => {
    const client = await connect(UI);
    const { tools } = await client.listTools();
    expect(await linked(client)).toEqual(WITH_VIEW);
    for (const tool of tools.filter(({ name }) => WITH_VIEW.includes(name)))
      expect(tool._meta).toEqual({ ui: { resourceUri: VIEW } });
    const { resources } = await client.listResources();
    expect(resources[0]).toMatchObject({ uri: VIEW, mimeType: RESOURCE_MIME_TYPE });
  });

  it('that shows views reads it as one page that asks for no network, and knows the tools by it', async () => {
    const client = await connect(UI);
    const { contents } = await client.readResource({ uri: VIEW });
    expect(contents).toHaveLength(1);
    expect(contents[0]).toMatchObject({
      uri: VIEW,
      mimeType: RESOURCE_MIME_TYPE,
      text: expect.stringContaining('&quot;tools&quot;:&quot;full&quot;'),
      _meta: { ui: { prefersBorder: true } },
    });
    expect(contents[0]?._meta?.ui).not.toHaveProperty('csp');
  });

  it('that shows none sees what it would see if there were no view', async () => {
    const client = await connect({});
    const bare = await lacks.find(([name]) => name === era)?.[1]();
    if (bare === undefined) throw new Error(`no plain server for ${era}`);
    for (const one of [client, bare])
      await one.callTool({ name: 'orchestrate', arguments: { request: 'Mend it', workspace: '/w' } });
    expect(await client.listTools()).toEqual(await bare.listTools());
    expect(await client.listResources()).toEqual(await bare.listResources());
    expect(await client.listResourceTemplates()).toEqual(await bare.listResourceTemplates());
  });
});

it.each([
  ['full', 3600],
  ['core', 1800],
] as const)(
  'a 2025 client over HTTP, of which nothing is known, gets the links, and %s tools still cost at most %i tokens',
  async (tools, most) => {
    const client = await overHttp('legacy', {}, { appView, tools });
    expect(await linked(client)).toEqual(WITH_VIEW);
    expect(countTokens(JSON.stringify(await client.listTools()))).toBeLessThanOrEqual(most);
    const { contents } = await client.readResource({ uri: VIEW });
    // Where the server has an address of its own, the view can lead to the dashboard.
    expect(contents[0]).toMatchObject({
      text: expect.stringContaining('&quot;dashboard&quot;:&quot;http://127'),
    });
  },
);

it('a view that cannot be read is an error without a path or a stack', async () => {
  const failing = async (): Promise<string> => {
    throw new Error('ENOENT: /secret/place/dist/app/job.html');
  };
  const client = await overHttp('auto', UI, { appView: failing });
  const { message } = await client.readResource({ uri: VIEW }).then(
    () => expect.fail('it was read'),
    (error: unknown) => z.object({ message: z.string() }).parse(error),
  );
  expect(message).not.toContain('secret');
  expect(message).not.toContain('    at ');
});

it('settings cannot break out of the page', () => {
  const page = withSettings(PAGE, { tools: 'core', dashboard: 'http://x/"><script>alert(1)</script>$&' });
  expect(page).not.toContain('<script');
  expect(page).toContain('$&amp;');
  expect(page).toContain('<p>the view</p>');
});

it('the built view is one file of less than 120 kB over the wire that refers to nothing outside itself', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'job-view-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const page = await buildView(folder);
  expect(gzipSync(page, { level: 9 }).byteLength).toBeLessThan(120_000);
  const markup = page
    .replaceAll(/<script type="module">[\s\S]*?<\/script>/g, '<script></script>')
    .replaceAll(/<style>[\s\S]*?<\/style>/g, '<style></style>');
  expect(markup).toContain('<script></script>');
  expect(markup).toContain('<style></style>');
  expect(markup).not.toMatch(/\b(src|href)=/);
  const styles = [...page.matchAll(/<style>[\s\S]*?<\/style>/g)].join('');
  expect(styles.match(/@import|url\((?!["']?#)/)).toBeNull();
  expect(page.match(/\bfetch\(|XMLHttpRequest|EventSource|new WebSocket|new Function/)).toBeNull();
  // Settings find their place.
  expect(withSettings(page, { tools: 'core' })).toContain('&quot;core&quot;');
});
