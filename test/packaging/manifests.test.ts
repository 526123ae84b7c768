import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { validateManifest } from '@anthropic-ai/mcpb/node';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { namesOf, SETTING_KEYS } from '../../src/infrastructure/config/schema.ts';
import { TOOLS } from '../../src/presentation/mcp/tools/index.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const json = (file: string): unknown => JSON.parse(readFileSync(path.join(ROOT, file), 'utf8'));
const packageJson = z
  .looseObject({ version: z.string(), mcpName: z.string().optional() })
  .parse(json('package.json'));
const SETTINGS = SETTING_KEYS.map((key) => namesOf(key).env);

describe('the bundle', () => {
  const manifest = z
    .looseObject({
      manifest_version: z.literal('0.4'),
      server: z.looseObject({
        mcp_config: z.object({
          command: z.literal('node'),
          args: z.array(z.string()),
          env: z.record(z.string(), z.string()),
        }),
      }),
      user_config: z.record(z.string(), z.looseObject({ required: z.boolean() })),
      tools: z.array(z.object({ name: z.string(), description: z.string().min(10) })),
    })
    .parse(json('packaging/mcpb/manifest.json'));

  test('is valid for the official packer', () => {
    expect(validateManifest(path.join(ROOT, 'packaging/mcpb/manifest.json'))).toBe(true);
  });

  test('asks for folders, the CLI and the number of workers, needs none of them, and hands each on', () => {
    expect(Object.keys(manifest.user_config)).toEqual(['workspace_roots', 'claude_path', 'max_workers']);
    const { args, env } = manifest.server.mcp_config;
    for (const [key, { required }] of Object.entries(manifest.user_config)) {
      expect([...args, ...Object.values(env)]).toContain(`\${user_config.${key}}`);
      expect(required).toBe(false);
    }
    for (const name of Object.keys(env)) expect(SETTINGS).toContain(name);
  });

  test('lists the tools that there are', () => {
    expect(manifest.tools.map(({ name }) => name)).toEqual(TOOLS.map(({ name }) => name));
  });
});

// After the registry's schema of 2025-12-11.
const inputSchema = z.strictObject({
  name: z.string(),
  description: z.string().optional(),
  default: z.string().optional(),
  format: z.enum(['string', 'number', 'boolean', 'filepath']).optional(),
});
const serverSchema = z.strictObject({
  $schema: z.literal('https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json'),
  name: z
    .string()
    .min(3)
    .max(200)
    .regex(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/),
  title: z.string().min(1).max(100),
  description: z.string().min(1).max(100),
  version: z.string().max(255),
  packages: z.array(
    z.strictObject({
      registryType: z.literal('npm'),
      identifier: z.literal('claude-orchestrator'),
      version: z.string().min(1),
      runtimeHint: z.literal('npx'),
      transport: z.strictObject({ type: z.literal('stdio') }),
      packageArguments: z.array(z.strictObject({ type: z.literal('positional'), value: z.string() })),
      environmentVariables: z.array(inputSchema),
    }),
  ),
});

describe("the registry's server.json", () => {
  const server = serverSchema.parse(json('server.json'));

  test('carries the name that package.json proves', () => {
    if (packageJson.mcpName !== undefined) expect(server.name).toBe(packageJson.mcpName);
    expect(server.packages[0]?.packageArguments).toEqual([{ type: 'positional', value: 'mcp' }]);
  });

  test('names settings that there are', () => {
    for (const { name } of server.packages[0]?.environmentVariables ?? []) expect(SETTINGS).toContain(name);
  });
});

const skillOf = (folder: string) => {
  const text = readFileSync(path.join(ROOT, folder, 'skills/orchestrate/SKILL.md'), 'utf8');
  const [, front = '', body = ''] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text) ?? [];
  const { name, description } = z
    .strictObject({ name: z.string(), description: z.string() })
    .parse(parseYaml(front));
  return { name, description, body };
};

describe('the Claude Code plugin', () => {
  const CLAUDE = path.join(
    ROOT,
    `node_modules/@anthropic-ai/claude-agent-sdk-${process.platform}-${process.arch}/claude`,
  );

  test.each(['.', 'packaging/claude-plugin'])('%s is valid for the real CLI, warnings counted', (folder) => {
    const home = mkdtempSync(path.join(tmpdir(), 'orchestrator-validate-'));
    onTestFinished(() => rmSync(home, { recursive: true, force: true }));
    const said = execFileSync(CLAUDE, ['plugin', 'validate', '--strict', path.join(ROOT, folder)], {
      encoding: 'utf8',
      env: {
        HOME: home,
        PATH: process.env.PATH,
        CLAUDE_CONFIG_DIR: home,
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        DISABLE_TELEMETRY: '1',
      },
    });
    expect(said).toContain('Validation passed');
  });

  test('starts this version without a build and keeps its state in the data folder of the plugin', () => {
    const { mcpServers } = z
      .looseObject({ mcpServers: z.record(z.string(), z.unknown()) })
      .parse(json('packaging/claude-plugin/.claude-plugin/plugin.json'));
    expect(mcpServers).toEqual({
      'claude-orchestrator': {
        command: 'npx',
        args: ['-y', `claude-orchestrator@${packageJson.version}`, 'mcp'],
        env: { ORCHESTRATOR_STATE_DIR: '${CLAUDE_PLUGIN_DATA}/state' },
      },
    });
    expect(SETTINGS).toContain('ORCHESTRATOR_STATE_DIR');
  });

  test('teaches orchestrate, wait, approve, result, with tools that there are', () => {
    const { name, body } = skillOf('packaging/claude-plugin');
    expect(name).toBe('orchestrate');
    expect([...body.matchAll(/^## \d\. (\w+)/gm)].map(([, step]) => step)).toEqual([
      'Decide',
      'Orchestrate',
      'Wait',
      'Approve',
      'Result',
    ]);
    const named = [...body.matchAll(/`(job_\w+|orchestrate|analyze|task_output)`/g)].map(([, tool]) => tool);
    const known = new Set<string | undefined>([...TOOLS.map((tool) => tool.name), 'job_id']);
    expect(named.filter((tool) => !known.has(tool))).toEqual([]);
    expect(named).toEqual(expect.arrayContaining(['orchestrate', 'job_wait', 'job_steer', 'job_result']));
  });

  test('the example of the skill is a call that the tool takes', () => {
    const [, example = ''] = /```json\n([\s\S]*?)```/.exec(skillOf('packaging/claude-plugin').body) ?? [];
    const tool = TOOLS.find(({ name }) => name === 'orchestrate');
    expect(tool?.input.safeParse(JSON.parse(example)).success).toBe(true);
  });
});

describe('the Codex plugin', () => {
  test('has what Codex asks of a plugin, and nothing that it refuses', () => {
    const folder = 'packaging/codex-plugin';
    const text = z.string().trim().min(1);
    const manifest = z
      .strictObject({
        name: z.literal('claude-orchestrator'),
        version: z.string().regex(/^\d+\.\d+\.\d+(-[\w.]+)?$/),
        description: text,
        author: z.strictObject({ name: text }),
        license: text,
        keywords: z.array(text),
        skills: z.literal('./skills/'),
        mcpServers: z.literal('./.mcp.json'),
        interface: z.strictObject({
          displayName: text,
          shortDescription: text,
          longDescription: text,
          developerName: text,
          category: text,
          capabilities: z.array(text),
          defaultPrompt: z.array(text.max(128)).min(1).max(3),
        }),
      })
      .parse(json(`${folder}/.codex-plugin/plugin.json`));
    expect(manifest.version).toBe(packageJson.version);
    // Codex expands no variables in it.
    expect(json(`${folder}/.mcp.json`)).toEqual({
      mcpServers: {
        'claude-orchestrator': {
          command: 'npx',
          args: ['-y', `claude-orchestrator@${packageJson.version}`, 'mcp'],
        },
      },
    });
    expect(skillOf(folder)).toEqual(skillOf('packaging/claude-plugin'));
    const { plugins } = z
      .object({
        plugins: z.array(
          z.looseObject({ source: z.object({ source: z.literal('local'), path: z.string() }) }),
        ),
      })
      .parse(json('.agents/plugins/marketplace.json'));
    for (const { source } of plugins) {
      expect(existsSync(path.join(ROOT, source.path, '.codex-plugin/plugin.json'))).toBe(true);
    }
  });
});
