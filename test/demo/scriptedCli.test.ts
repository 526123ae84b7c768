import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { query } from '@anthropic-ai/claude-agent-sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ScriptedApi, startScriptedApi } from '../../demo/scripted-api.ts';

let folder = '';
let api: ScriptedApi;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'scripted-cli-')));
  await mkdir(join(folder, 'home'));
  await mkdir(join(folder, 'work'));
  await writeFile(join(folder, 'work', 'note.txt'), 'the word is heron\n');
  api = await startScriptedApi();
});
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true, force: true });
});

const run = async (prompt: string) => {
  const results: string[] = [];
  const toolResults: string[] = [];
  const conversation = query({
    prompt,
    options: {
      cwd: join(folder, 'work'),
      settingSources: [],
      tools: ['Read'],
      env: {
        PATH: process.env.PATH,
        HOME: join(folder, 'home'),
        ANTHROPIC_BASE_URL: api.url,
        ANTHROPIC_API_KEY: 'sk-ant-scripted',
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        DISABLE_AUTOUPDATER: '1',
      },
    },
  });
  for await (const message of conversation) {
    if (message.type === 'result')
      results.push(message.subtype === 'success' ? message.result : message.subtype);
    if (message.type === 'user') toolResults.push(JSON.stringify(message.message.content));
  }
  return { results, toolResults };
};

test('the real CLI says the scripted text', async () => {
  expect((await run('Say it. [[text:A heron.]]')).results).toEqual(['A heron.']);
});

test('the real CLI makes the scripted tool call and hands its result back', async () => {
  const { results, toolResults } = await run('Look. [[tool:Read {"file_path":"note.txt"}]][[text:Read it.]]');
  expect(results).toEqual(['Read it.']);
  expect(toolResults.join('\n')).toContain('the word is heron');
  expect(JSON.stringify(api.bodies.at(-1)?.messages)).toContain('the word is heron');
});

test('the real CLI retries what the script lets fail, and gets through', async () => {
  const before = api.requests.length;
  const { results } = await run('Try. [[status:529 x1]][[text:Through.]]');
  expect(results).toEqual(['Through.']);
  expect(api.requests.slice(before).flatMap(({ status }) => status ?? [])).toEqual(
    expect.arrayContaining([529, 200]),
  );
});
