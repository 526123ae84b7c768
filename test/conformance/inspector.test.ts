import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AGENT, type McpOverHttp, startMcpHttp } from '../support/mcp/httpServer.ts';
import { FIXTURE_SERVER } from '../support/mcp/rawClient.ts';

const PROGRAM = fileURLToPath(
  new URL(
    '../../node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js',
    import.meta.url,
  ),
);
const run = promisify(execFile);

let http: McpOverHttp;
let home: string;
beforeAll(async () => {
  http = await startMcpHttp();
  home = await mkdtemp(path.join(tmpdir(), 'inspector-'));
});
afterAll(async () => {
  await http.close();
  await rm(home, { recursive: true, force: true });
});

const answerSchema = z.looseObject({
  tools: z.array(z.looseObject({ name: z.string() })).optional(),
  structuredContent: z.record(z.string(), z.unknown()).optional(),
});

const overStdio = (): readonly string[] => ['--', process.execPath, FIXTURE_SERVER];
const overHttp = (): readonly string[] => [
  '--transport',
  'http',
  '--server-url',
  http.url,
  '--header',
  `Authorization: Bearer ${AGENT}`,
];

describe.each([
  ['stdio', overStdio],
  ['HTTP', overHttp],
])("the MCP Inspector's command line over %s", (_name, where) => {
  const inspect = async (...args: readonly string[]): Promise<z.infer<typeof answerSchema>> => {
    // Its settings and secrets belong into a home of its own.
    const env = { PATH: process.env.PATH, HOME: home };
    const { stdout } = await run(process.execPath, [PROGRAM, '--cli', ...args, ...where()], { env });
    return answerSchema.parse(JSON.parse(stdout));
  };

  it('lists the tools, finds no error in their schemas, and calls one', async () => {
    const { tools } = await inspect('--method', 'tools/list', '--strict');
    expect(tools).toHaveLength(12);
    const { structuredContent } = await inspect('--method', 'tools/call', '--tool-name', 'system_health');
    expect(structuredContent).toMatchObject({ status: 'ok', workers: { limit: 4 } });
  });
});
