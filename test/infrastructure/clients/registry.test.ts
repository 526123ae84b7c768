import {
  chmodSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { parse as parseToml } from '@decimalturn/toml-patch';
import { describe, expect, test } from 'vitest';
import { CLIENT_IDS, type ClientId } from '../../../src/application/clients.ts';
import { ConfigurationError, ConflictError, FileSystemError } from '../../../src/domain/errors/index.ts';
import { makeHome, registryIn } from './support.ts';

const FILES: Readonly<Record<ClientId, string>> = {
  'claude-desktop': '.config/Claude/claude_desktop_config.json',
  'claude-code': '.claude.json',
  cursor: '.cursor/mcp.json',
  vscode: '.config/Code/User/mcp.json',
  codex: '.codex/config.toml',
};
const ORIGINAL: Readonly<Record<ClientId, string>> = {
  'claude-desktop': '{\r\n  "mcpServers": {\r\n    "a": { "command": "a" }\r\n  }\r\n}\r\n',
  'claude-code': '{"numStartups":1,"mcpServers":{}}',
  cursor: '\uFEFF{ "mcpServers": { "a": { "command": "a" } } }\n',
  vscode: '{\n\t// mine\n\t"inputs": [],\n\t"servers": {},\n}\n',
  codex: 'model = "x" # c\n\n[mcp_servers.a]\ncommand = "a"\n',
};
const read = (file: string): string => readFileSync(file, 'utf8');
const add = async (registry: ReturnType<typeof registryIn>, client: ClientId) =>
  registry.apply(await registry.plan(client, 'add'));
const remove = async (registry: ReturnType<typeof registryIn>, client: ClientId) =>
  registry.apply(await registry.plan(client, 'remove'));

describe('registering', () => {
  test.each(CLIENT_IDS)(
    '%s: absolute paths are written, a copy is kept, remove gives the bytes back',
    async (client) => {
      const { home, write, program } = makeHome();
      const file = write(FILES[client], ORIGINAL[client]);
      const claude = program('bin/claude');
      // Claude Code's own command line has its own tests.
      const registry = registryIn(home, client === 'claude-code' ? {} : { path: path.dirname(claude) });
      const { backup } = await add(registry, client);
      expect(read(backup ?? '')).toBe(ORIGINAL[client]);
      expect(backup).toBe(`${file}.claude-orchestrator-backup-1`);
      const text = read(file).replace('\uFEFF', '');
      const container = { vscode: 'servers', codex: 'mcp_servers' }[String(client)] ?? 'mcpServers';
      const parsed =
        client === 'codex'
          ? parseToml(text)
          : JSON.parse(text.replace('// mine', '').replace(/,(\s*})/g, '$1'));
      const entry = parsed[container]['claude-orchestrator'];
      expect(entry).toMatchObject({
        command: process.execPath,
        args: [path.join(home, 'lib/dist/main.js'), 'mcp'],
      });
      if (client !== 'claude-code') expect(entry.env.ORCHESTRATOR_CLAUDE_PATH).toBe(claude);
      expect((await registry.plan(client, 'add')).action).toBe('none');
      await remove(registry, client);
      expect(read(file)).toBe(ORIGINAL[client]);
      expect((await registry.plan(client, 'remove')).action).toBe('none');
    },
  );

  test('only Claude Desktop gets a PATH: with Node, git and the standard folders', async () => {
    const { home, program } = makeHome();
    const git = program('tools/git');
    const registry = registryIn(home, { path: path.dirname(git) });
    await add(registry, 'claude-desktop');
    await add(registry, 'cursor');
    const entryOf = (file: string) =>
      JSON.parse(read(path.join(home, file))).mcpServers['claude-orchestrator'];
    expect(entryOf(FILES['claude-desktop']).env.PATH.split(':')).toEqual([
      path.dirname(process.execPath),
      path.dirname(git),
      ...['/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin'].filter(
        (folder) => folder !== path.dirname(process.execPath),
      ),
    ]);
    expect(entryOf(FILES.cursor).env).toBeUndefined();
  });

  test('a file that was not there is made for the user alone, and is gone after remove', async () => {
    const { home } = makeHome();
    const registry = registryIn(home);
    for (const client of CLIENT_IDS) {
      const file = path.join(home, FILES[client]);
      expect(await add(registry, client)).toEqual({ backup: undefined });
      expect(statSync(file).mode & 0o777).toBe(0o600);
      await remove(registry, client);
      expect(existsSync(file)).toBe(false);
    }
  });

  test('an empty file that was there stays, empty', async () => {
    const { home, write } = makeHome();
    const file = write(FILES.cursor, '');
    const registry = registryIn(home);
    await add(registry, 'cursor');
    await remove(registry, 'cursor');
    expect(read(file)).toBe('');
  });

  test('clients are found by their folders', async () => {
    const { home, write } = makeHome();
    expect(await registryIn(home).found()).toEqual([]);
    write('.cursor/x', '');
    write('.config/Code/User/settings.json', '{}');
    expect(await registryIn(home).found()).toEqual(['cursor', 'vscode']);
  });

  test('an older entry is replaced, what the user gave it stays', async () => {
    const { home, write } = makeHome();
    const file = write(
      FILES.cursor,
      '{"mcpServers": {"claude-orchestrator": {"command": "old", "timeout": 9, "env": {"ORCHESTRATOR_ALLOWED_ROOTS": "/w"}}}}',
    );
    const change = await registryIn(home).plan('cursor', 'add');
    expect(change.action).toBe('replace');
    expect(read(file)).toContain('"old"');
    await registryIn(home).apply(change);
    expect(JSON.parse(read(file)).mcpServers['claude-orchestrator']).toEqual({
      command: process.execPath,
      timeout: 9,
      env: { ORCHESTRATOR_ALLOWED_ROOTS: '/w' },
      args: [path.join(home, 'lib/dist/main.js'), 'mcp'],
    });
  });

  test('backups are numbered and none is written over', async () => {
    const { home, write } = makeHome();
    const file = write(FILES.cursor, '{}');
    const registry = registryIn(home);
    await add(registry, 'cursor');
    await remove(registry, 'cursor');
    await add(registry, 'cursor');
    const names = readdirSync(path.dirname(file)).filter((name) => name.includes('backup'));
    expect(names).toEqual([1, 2, 3].map((n) => `mcp.json.claude-orchestrator-backup-${n}`));
  });
});

describe('what is refused, with nothing changed', () => {
  test('a broken file: its line is named', async () => {
    const { home, write } = makeHome();
    const file = write(FILES.cursor, '{\n  "mcpServers": {\n    "a": }\n}\n');
    await expect(registryIn(home).plan('cursor', 'add')).rejects.toThrow(ConfigurationError);
    await expect(registryIn(home).plan('cursor', 'add')).rejects.toThrow(`${file}: line 3`);
    expect(readdirSync(path.dirname(file))).toEqual(['mcp.json']);
  });

  test('a read-only file', async () => {
    const { home, write } = makeHome();
    const file = write(FILES.cursor, '{}');
    chmodSync(file, 0o444);
    await expect(registryIn(home).plan('cursor', 'add')).rejects.toThrow(FileSystemError);
    expect(read(file)).toBe('{}');
  });

  test('bytes that are no text', async () => {
    const { home, write } = makeHome();
    const file = write(FILES.cursor, '');
    writeFileSync(file, Buffer.from([0x7b, 0xff, 0x7d]));
    await expect(registryIn(home).plan('cursor', 'add')).rejects.toThrow('is not UTF-8 text');
  });

  test('a file that changed after it was shown', async () => {
    const { home, write } = makeHome();
    const file = write(FILES.cursor, '{}');
    const change = await registryIn(home).plan('cursor', 'add');
    writeFileSync(file, '{"a": 1}');
    await expect(registryIn(home).apply(change)).rejects.toThrow(ConflictError);
    expect(read(file)).toBe('{"a": 1}');
  });
});

describe('links and caches', () => {
  test('a link stays a link and its target is written, with its mode', async () => {
    const { home, write } = makeHome();
    const target = write('dotfiles/cursor.json', '{}');
    chmodSync(target, 0o640);
    write('.cursor/x', '');
    const link = path.join(home, FILES.cursor);
    symlinkSync(target, link);
    const { backup } = await add(registryIn(home), 'cursor');
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(read(target)).toContain('claude-orchestrator');
    expect(statSync(target).mode & 0o777).toBe(0o640);
    expect(path.dirname(backup ?? '')).toBe(path.dirname(link));
    expect(readdirSync(path.dirname(target))).toEqual(['cursor.json']);
  });

  test('out of an npx cache the version is named in place of a path that vanishes, with a warning', async () => {
    const { home } = makeHome();
    const registry = registryIn(home, {
      script: path.join(home, '.npm/_npx/0a1b/node_modules/claude-orchestrator/dist/main.js'),
    });
    const { entry, warnings } = registry.launch;
    expect(entry.args.slice(-3)).toEqual(['-y', 'claude-orchestrator@1.2.3', 'mcp']);
    expect(warnings).toHaveLength(1);
    expect(JSON.stringify(entry)).not.toContain('_npx');
  });

  test("Homebrew's Node is named by the path that outlives its version", async () => {
    const { home, program, root } = makeHome();
    const cellar = program('brew/Cellar/node/24.1.0/bin/node');
    const stays = path.join(home, 'brew/bin/node');
    program('brew/bin/x');
    symlinkSync(cellar, stays);
    expect(registryIn(home, { node: cellar }).launch.entry.command).toBe(stays);
    const other = path.join(root, 'node');
    expect(registryIn(home, { node: other }).launch.entry.command).toBe(other);
  });
});
