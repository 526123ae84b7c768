import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { countTokens } from 'gpt-tokenizer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { instructions } from '../../../src/presentation/mcp/instructions.ts';
import { toolReference } from '../../../src/presentation/mcp/toolReference.ts';
import { TOOLS, toolsOf } from '../../../src/presentation/mcp/tools/index.ts';
import { type RawClient, startInitialized } from '../../support/mcp/rawClient.ts';

let client: RawClient;
beforeAll(async () => {
  client = await startInitialized();
});
afterAll(async () => {
  expect(await client.end()).toBe(0);
});

const tokens = (value: unknown): number => countTokens(JSON.stringify(value));

it.each([
  ['full', 3600, 'tools-list.snap'],
  ['core', 1800, 'tools-list-core.snap'],
] as const)(
  'what every agent pays for %s tools stays within %i tokens, and changes only on purpose',
  async (preset, most, file) => {
    const shown = preset === 'full' ? client : await startInitialized([preset]);
    const { result } = await shown.request('tools/list');
    if (shown !== client) await shown.end();
    const count = tokens(result);
    expect(count).toBeLessThanOrEqual(most);
    // Descriptions that changed behind an agent's back would be a rug pull: the snapshot is the record.
    await expect(`${count} tokens\n${JSON.stringify(result, undefined, 2)}\n`).toMatchFileSnapshot(
      `../../snapshots/${file}`,
    );
  },
);

it('core is the loop of a job with its approvals and nothing else, and a tool that is not shown is not there', async () => {
  const core = await startInitialized(['core']);
  const { result } = await core.request('tools/list');
  expect(
    z
      .object({ tools: z.array(z.object({ name: z.string() })) })
      .parse(result)
      .tools.map(({ name }) => name),
  ).toEqual(['orchestrate', 'job_status', 'job_wait', 'job_result', 'list_approvals', 'approve_operation']);
  expect((await core.call('job_cancel', { job_id: 'job_zzzzzzzzzzzzzzzz' })).error?.code).toBe(-32602);
  await core.end();
});

it('listing tools opens nothing: the orchestrator is opened by the first call that needs it', async () => {
  const fresh = await startInitialized();
  for (const method of ['tools/list', 'prompts/list', 'resources/templates/list'])
    await fresh.request(method);
  expect(fresh.stderr).toEqual([]);
  await fresh.call('system_health', {});
  await fresh.stderrLine('"opened":true');
  await fresh.end();
});

describe.each(TOOLS.map((tool) => [tool.name, tool] as const))('%s', (_name, tool) => {
  it('has a title, a description of at most 2 KB and all four annotations', () => {
    expect(tool.title).not.toBe('');
    expect(Buffer.byteLength(tool.description)).toBeLessThanOrEqual(2048);
    expect(Object.keys(tool.annotations).sort()).toEqual([
      'destructiveHint',
      'idempotentHint',
      'openWorldHint',
      'readOnlyHint',
    ]);
    expect(tool.annotations.readOnlyHint && tool.annotations.destructiveHint).toBe(false);
  });
});

it.each(['full', 'core'] as const)(
  'the instructions for %s tools fit into 2 KB and name only what is shown or say what stands for it',
  (preset) => {
    const text = instructions(preset);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(2048);
    for (const { name } of toolsOf(preset)) if (preset === 'core') expect(text).toContain(name);
    expect(text.includes('ORCHESTRATOR_TOOLS=full')).toBe(preset === 'core');
  },
);

it('docs/tool-reference.md is what the tools say (else: node scripts/tool-reference.ts)', () => {
  const path = fileURLToPath(new URL('../../../docs/tool-reference.md', import.meta.url));
  expect(readFileSync(path, 'utf8')).toBe(toolReference());
});
