import { execFile, execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { TOOLS } from '../../src/presentation/mcp/tools/index.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')));
const run = promisify(execFile);
/** Milliseconds: packing, and an install whose packages may not be in npm's cache. */
const INSTALL_MS = 300_000;

const work = realpathSync(mkdtempSync(path.join(tmpdir(), 'orchestrator-packed-')));
const app = path.join(work, 'an empty folder');
const installed = path.join(app, 'node_modules/claude-orchestrator');

beforeAll(async () => {
  mkdirSync(app);
  // The build is there already, made once for all tests of the program.
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', work], { cwd: ROOT });
  const [packed = ''] = readdirSync(work).filter((name) => name.endsWith('.tgz'));
  await run(
    'npm',
    ['install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', path.join(work, packed)],
    { cwd: app },
  );
}, INSTALL_MS);
afterAll(() => rmSync(work, { recursive: true, force: true, maxRetries: 5 }));

/** A server that a client's front started lives on by itself; it is ended by the pid that it wrote down. */
const endServer = (sandbox: Sandbox): void => {
  const file = path.join(sandbox.root, 'state/server.json');
  if (!existsSync(file)) return;
  const { pid } = z
    .looseObject({ pid: z.number().int().positive() })
    .parse(JSON.parse(readFileSync(file, 'utf8')));
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It went by itself.
  }
};

const toolsOf = async (
  sandbox: Sandbox,
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
) => {
  const client = new Client({ name: 'test', version: '1.0.0' });
  onTestFinished(async () => {
    await client.close();
    endServer(sandbox);
  });
  await client.connect(
    new StdioClientTransport({
      command,
      args: [...args],
      cwd: sandbox.root,
      env: { ...sandbox.env, ...env },
      stderr: 'ignore',
    }),
  );
  const { tools } = await client.listTools();
  const health = await client.callTool({ name: 'system_health', arguments: {} });
  return { names: tools.map(({ name }) => name), server: client.getServerVersion(), health };
};

describe('the packed package, installed into an empty folder', () => {
  test('has what it runs on and nothing of the sources, tests or folders of this machine', () => {
    const files = readdirSync(installed, { recursive: true, encoding: 'utf8' });
    expect(files).toContain(path.join('dist', 'main.js'));
    expect(files.filter((file) => /^(src|test|demo|bench)\b|(?<!\.d)\.ts$|\.env|\.mcpb$/.test(file))).toEqual(
      [],
    );
    expect(files.filter((file) => file.endsWith('.node'))).toEqual([]);
    const texts = files.filter((file) => /\.(js|json|md|html|css)$/.test(file));
    const telling = texts.filter((file) =>
      readFileSync(path.join(installed, file), 'utf8').includes(`${ROOT}/`),
    );
    expect(telling).toEqual([]);
  });

  test('its command says the version', async () => {
    const { stdout } = await run(path.join(app, 'node_modules/.bin/claude-orchestrator'), ['--version']);
    expect(stdout.trim()).toBe(version);
  });

  test.each([
    ['in one process', ['mcp', '--in-process']],
    ['as clients start it', ['mcp']],
  ])('serves MCP %s', async (_how, args) => {
    const sandbox = await makeSandbox();
    const bin = path.join(app, 'node_modules/.bin/claude-orchestrator');
    const { names, server, health } = await toolsOf(sandbox, bin, args);
    expect(server).toMatchObject({ name: 'claude-orchestrator', version });
    expect(names).toEqual(TOOLS.map(({ name }) => name));
    expect(health.isError).not.toBe(true);
  });
});

describe('the installed package registers itself', () => {
  test('with absolute paths that start the server, and takes it out again to the byte', async () => {
    const sandbox = await makeSandbox();
    const home = path.join(sandbox.root, `a "new" home`);
    const file = path.join(home, '.cursor/mcp.json');
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, '{\n  // mine\n  "mcpServers": { "a": { "command": "a" } }\n}\n');
    const bin = path.join(app, 'node_modules/.bin/claude-orchestrator');
    const env = { ...sandbox.env, HOME: home };
    await run(bin, ['setup', '--client', 'cursor', '--yes', '--json'], { env });
    const text = readFileSync(file, 'utf8').replace('// mine', '');
    const entry = z
      .object({
        mcpServers: z.looseObject({
          'claude-orchestrator': z.looseObject({ command: z.string(), args: z.array(z.string()) }),
        }),
      })
      .parse(JSON.parse(text)).mcpServers['claude-orchestrator'];
    expect(entry).toMatchObject({
      command: process.execPath,
      args: [path.join(installed, 'dist/main.js'), 'mcp'],
    });
    const { names } = await toolsOf(sandbox, entry.command, entry.args);
    expect(names).toEqual(TOOLS.map(({ name }) => name));
    await run(bin, ['remove', '--yes'], { env });
    expect(readFileSync(file, 'utf8')).toBe('{\n  // mine\n  "mcpServers": { "a": { "command": "a" } }\n}\n');
  });
});

describe('the bundle', () => {
  test('packs, unpacks, and starts out of any folder with what the person filled in', async () => {
    const sandbox = await makeSandbox();
    const file = path.join(work, 'claude-orchestrator.mcpb');
    const said = execFileSync(process.execPath, [path.join(ROOT, 'scripts/pack-mcpb.ts'), file], {
      encoding: 'utf8',
    });
    const bytes = Number(said.trim().split(' ').at(-1));
    // The CLI alone has 400 MB: it must not come along.
    expect(bytes).toBeLessThan(12 * 1024 * 1024);
    const folder = path.join(work, 'un packed');
    execFileSync(path.join(ROOT, 'node_modules/.bin/mcpb'), ['unpack', file, folder]);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    expect(files.filter((name) => name.endsWith('.node'))).toEqual([]);
    const { names, health } = await toolsOf(
      sandbox,
      process.execPath,
      [path.join(folder, 'launch.js'), sandbox.root],
      {
        ORCHESTRATOR_MAX_WORKERS: '3',
        ORCHESTRATOR_CLAUDE_PATH: '${user_config.claude_path}',
      },
    );
    expect(names).toEqual(TOOLS.map(({ name }) => name));
    expect(health.structuredContent).toMatchObject({ workers: { limit: 3 } });
  });
});
