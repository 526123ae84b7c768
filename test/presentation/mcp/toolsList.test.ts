import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { INSTRUCTIONS } from '../../../src/presentation/mcp/instructions.ts';
import { toolReference } from '../../../src/presentation/mcp/toolReference.ts';
import { TOOLS } from '../../../src/presentation/mcp/tools/index.ts';
import { type RawClient, startInitialized } from '../../support/mcp/rawClient.ts';

let client: RawClient;
beforeAll(async () => {
  client = await startInitialized();
});
afterAll(async () => {
  expect(await client.end()).toBe(0);
});

const tokens = (value: unknown): number => Math.ceil(Buffer.byteLength(JSON.stringify(value)) / 4);

it('what every agent pays for the tools stays within 3,600 tokens, and changes only on purpose', async () => {
  const { result } = await client.request('tools/list');
  const count = tokens(result);
  expect(count).toBeLessThanOrEqual(3600);
  // Descriptions that changed behind an agent's back would be a rug pull: the snapshot is the record.
  await expect(`${count} tokens\n${JSON.stringify(result, undefined, 2)}\n`).toMatchFileSnapshot(
    '../../snapshots/tools-list.snap',
  );
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

it('the instructions fit into 2 KB', () => {
  expect(Buffer.byteLength(INSTRUCTIONS)).toBeLessThanOrEqual(2048);
});

it('docs/tool-reference.md is what the tools say (else: node scripts/tool-reference.ts)', () => {
  const path = fileURLToPath(new URL('../../../docs/tool-reference.md', import.meta.url));
  expect(readFileSync(path, 'utf8')).toBe(toolReference());
});
