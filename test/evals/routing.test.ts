import { expect, it } from 'vitest';
import { startScriptedApi } from '../../demo/scripted-api.ts';
import { askModel } from '../../evals/live.ts';
import { type ListedTool, rankTools } from '../../evals/score.ts';
import { SENTENCES } from '../../evals/sentences.ts';
import { leanJsonSchema } from '../../src/presentation/mcp/publishedSchema.ts';
import { TOOLS } from '../../src/presentation/mcp/tools/index.ts';

const LISTED: readonly ListedTool[] = TOOLS.map(({ name, title, description, input }) => ({
  name,
  title,
  description,
  inputSchema: leanJsonSchema(input, 'input'),
}));

const misrouted = (tools: readonly ListedTool[]): readonly string[] =>
  SENTENCES.filter(({ says, tool }) => {
    const [first, second] = rankTools(says, tools);
    return first?.tool !== tool || first.score === second?.score;
  }).map(({ says, tool }) => `${tool}: ${says} → ${rankTools(says, tools)[0]?.tool}`);

it('36 sentences, at least two for each tool, are routed to the tool that is meant', () => {
  expect(SENTENCES).toHaveLength(36);
  for (const { name } of TOOLS) {
    expect(SENTENCES.filter(({ tool }) => tool === name).length).toBeGreaterThanOrEqual(2);
  }
  expect(misrouted(LISTED)).toEqual([]);
});

it('no sentence gives its tool away by naming it', () => {
  const named = SENTENCES.filter(({ says }) => TOOLS.some(({ name }) => says.includes(name)));
  // "analyze" and "orchestrate" are words of their own.
  expect(named).toEqual([]);
});

it.each([
  ['job_status', 'job_wait'],
  ['job_result', 'job_status'],
  ['job_cancel', 'job_steer'],
  ['task_output', 'job_result'],
  ['analyze', 'orchestrate'],
  ['job_list', 'job_status'],
  ['system_health', 'job_list'],
])('swapping the descriptions of %s and %s is noticed', (one, other) => {
  const described = (name: string): string | undefined =>
    LISTED.find((tool) => tool.name === name)?.description;
  const swapped = LISTED.map((tool) => {
    if (tool.name === one) return { ...tool, description: described(other) };
    return tool.name === other ? { ...tool, description: described(one) } : tool;
  });
  expect(misrouted(swapped)).not.toEqual([]);
});

it('a live run sends the tools to the Messages API and reads which one the model calls', async () => {
  const api = await startScriptedApi({});
  const model = { apiKey: 'sk-ant-scripted', baseUrl: api.url, model: 'claude-haiku-4-5', instructions: 'x' };
  expect(await askModel('[[tool:job_wait {"job_id":"x"}]]', LISTED, model)).toBe('job_wait');
  expect(await askModel('[[text:I would rather talk.]]', LISTED, model)).toBeUndefined();
  await api.close();
});
