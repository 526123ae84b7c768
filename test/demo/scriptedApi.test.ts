import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { type ScriptedApi, type ScriptedApiOptions, startScriptedApi } from '../../demo/scripted-api.ts';

const open: ScriptedApi[] = [];
const start = async (options: ScriptedApiOptions = {}): Promise<ScriptedApi> => {
  const api = await startScriptedApi(options);
  open.push(api);
  return api;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((api) => api.close()));
});

const post = (
  api: ScriptedApi,
  prompt: string,
  rest: Record<string, unknown> = {},
  key = 'sk-ant-scripted',
) =>
  fetch(`${api.url}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: prompt }], ...rest }),
  });
const replySchema = z.object({
  content: z.array(z.record(z.string(), z.unknown())),
  stop_reason: z.string(),
  usage: z.record(z.string(), z.unknown()),
});
const ask = async (api: ScriptedApi, prompt: string, rest: Record<string, unknown> = {}) =>
  replySchema.parse(await (await post(api, prompt, rest)).json());
const eventsOf = (text: string) =>
  text
    .split('\n\n')
    .filter((part) => part.startsWith('event: '))
    .map((part) =>
      z.looseObject({ type: z.string() }).parse(JSON.parse(part.slice(part.indexOf('data: ') + 6))),
    );

test('a prompt without markers is echoed', async () => {
  const reply = await ask(await start(), 'hello there');
  expect(reply.content).toEqual([{ type: 'text', text: 'echo: hello there' }]);
  expect(reply.stop_reason).toBe('end_turn');
});

test('one message can hold thoughts and several tool calls', async () => {
  const reply = await ask(
    await start(),
    '[[think:hm]][[tools:[{"name":"Read","input":{"a":1}},{"name":"Glob"}]]][[usage:in=7,out=9,cr=3]]',
  );
  expect(reply.content.map(({ type, name, input }) => [type, name, input])).toEqual([
    ['thinking', undefined, undefined],
    ['tool_use', 'Read', { a: 1 }],
    ['tool_use', 'Glob', {}],
  ]);
  expect(reply.stop_reason).toBe('tool_use');
  expect(reply.usage).toMatchObject({ input_tokens: 7, output_tokens: 9, cache_read_input_tokens: 3 });
});

test('structure is answered by the tool where it is offered, else as text', async () => {
  const api = await start();
  const asTool = await ask(api, '[[json:{"a":1}]]', { tools: [{ name: 'StructuredOutput' }] });
  expect(asTool.content).toMatchObject([{ type: 'tool_use', name: 'StructuredOutput', input: { a: 1 } }]);
  expect((await ask(api, '[[json:{"a":1}]]')).content).toEqual([{ type: 'text', text: '{"a":1}' }]);
});

test('the text conditions hold: stop reason and size', async () => {
  const reply = await ask(await start(), '[[text:x]][[stop:max_tokens]][[big:5000]]');
  expect(reply.stop_reason).toBe('max_tokens');
  expect(String(reply.content[0]?.text)).toHaveLength(5000);
});

test('a stream has the events of the Messages API in their order, and its pieces make the whole again', async () => {
  const api = await start();
  const input = { file_path: 'a.txt', content: 'x'.repeat(50) };
  const response = await post(api, `[[think:hm]][[tool:Write ${JSON.stringify(input)}]]`, { stream: true });
  const events = eventsOf(await response.text());
  expect(events.map(({ type }) => type)).toEqual([
    'message_start',
    'ping',
    ...['content_block_start', 'content_block_delta', 'content_block_delta', 'content_block_stop'],
    ...['content_block_start', 'content_block_delta', 'content_block_delta', 'content_block_stop'],
    'message_delta',
    'message_stop',
  ]);
  const json = z.looseObject({ delta: z.looseObject({ partial_json: z.string().optional() }) });
  const whole = events
    .filter(({ type }) => type === 'content_block_delta')
    .map((event) => json.parse(event).delta.partial_json ?? '')
    .join('');
  expect(JSON.parse(whole)).toEqual(input);
});

test('a long text is streamed in pieces', async () => {
  const response = await post(await start(), '[[text:x]][[big:9000]]', { stream: true });
  const deltas = eventsOf(await response.text()).filter(({ type }) => type === 'content_block_delta');
  expect(deltas).toHaveLength(3);
});

test('a status fault holds for its first requests only, and carries its headers', async () => {
  const api = await start();
  const prompt =
    '[[status:429 x2 retry-after=7 anthropic-ratelimit-unified-status=rejected slow down]][[text:ok]]';
  const first = await post(api, prompt);
  expect(first.status).toBe(429);
  expect(first.headers.get('retry-after')).toBe('7');
  expect(first.headers.get('anthropic-ratelimit-unified-status')).toBe('rejected');
  expect(await first.json()).toMatchObject({ error: { type: 'rate_limit_error', message: 'slow down' } });
  expect((await post(api, prompt)).status).toBe(429);
  expect((await post(api, prompt)).status).toBe(200);
  expect((await post(api, `other ${prompt}`)).status).toBe(429);
  expect(api.requests.map(({ status }) => status)).toEqual([429, 429, 200, 429]);
});

test('keys that the API would refuse are refused', async () => {
  const api = await start();
  expect((await post(api, 'x', {}, 'sk-ant-bad')).status).toBe(401);
  const poor = await post(api, 'x', {}, 'sk-ant-poor');
  expect([poor.status, await poor.text()]).toEqual([
    400,
    expect.stringContaining('credit balance is too low'),
  ]);
});

test('a stream fails in the way that was asked for, once, and then does not', async () => {
  const api = await start();
  const over = '[[overloaded x1]][[text:a]]';
  expect(await (await post(api, over, { stream: true })).text()).toContain('overloaded_error');
  expect(await (await post(api, over, { stream: true })).text()).toContain('message_stop');
  const cut = await post(api, '[[cut x1]][[text:a]]', { stream: true });
  await expect(cut.text()).rejects.toThrow();
  await expect(post(api, '[[cut0]]', { stream: true })).rejects.toThrow();
  const bad = await (await post(api, '[[badjson]][[text:a]]', { stream: true })).text();
  expect(bad).toContain('"del\n');
  expect(bad).not.toContain('message_stop');
  const page = await post(api, '[[html]]');
  expect(page.headers.get('content-type')).toBe('text/html');
  const stalled = await post(api, '[[stall:20]][[text:a]]', { stream: true });
  expect(await stalled.text()).toContain('message_stop');
  expect(api.requests.flatMap(({ fault }) => fault ?? [])).toEqual(['overloaded', 'cut', 'badjson', 'stall']);
});

test('closing ends a stream that hangs and an answer that still waits', async () => {
  const api = await startScriptedApi();
  const hanging = await post(api, '[[hang]]', { stream: true });
  const waiting = post(api, '[[delay:600000]]');
  const failed = expect(waiting).rejects.toThrow();
  await expect.poll(() => api.requests.length).toBe(2);
  await api.close();
  await failed;
  await expect(hanging.text()).rejects.toThrow();
});

test('a script that cannot be read is told to whoever wrote it', async () => {
  const refused = await post(await start(), '[[tool:Write {"a"}]]');
  expect(refused.status).toBe(400);
  expect(await refused.text()).toContain('[[tool:Name');
});

test('latency can be drawn anew for each request', async () => {
  const drawn: number[] = [];
  const api = await start({
    latency: () => {
      drawn.push(drawn.length);
      return 1;
    },
  });
  await ask(api, 'a');
  await ask(api, 'b');
  expect(drawn).toEqual([0, 1]);
});

test('the queue answers before any marker, in process and by the admin page', async () => {
  const api = await start();
  api.script([{ text: 'first' }, { tool: 'Bash', input: { command: 'ls' } }]);
  expect((await ask(api, '[[text:marked]]')).content).toMatchObject([{ text: 'first' }]);
  expect((await ask(api, '[[text:marked]]')).content).toMatchObject([
    { name: 'Bash', input: { command: 'ls' } },
  ]);
  const queued = await fetch(`${api.url}/__script`, {
    method: 'POST',
    body: JSON.stringify({ steps: [{ status: 529 }] }),
  });
  expect(await queued.json()).toEqual({ queued: 1 });
  expect((await post(api, '[[text:marked]]')).status).toBe(529);
  expect((await ask(api, '[[text:marked]]')).content).toMatchObject([{ text: 'marked' }]);
  const seen = z
    .array(z.looseObject({ status: z.number() }))
    .parse(await (await fetch(`${api.url}/__requests`)).json());
  expect(seen.map(({ status }) => status)).toEqual([200, 200, 529, 200]);
  await fetch(`${api.url}/__reset`, { method: 'POST' });
  expect([api.requests.length, api.bodies.length]).toEqual([0, 0]);
});

test('bodies are bounded', async () => {
  const api = await start({ keepBodies: 2 });
  for (const prompt of ['a', 'b', 'c']) await ask(api, prompt);
  expect(api.bodies.map(({ messages }) => messages[0]?.content)).toEqual(['b', 'c']);
});

test('as a program it says where it listens, and ends when it is asked to', async () => {
  const program = fileURLToPath(new URL('../../demo/scripted-api.ts', import.meta.url));
  const running = execa(process.execPath, [program, '--port', '0'], { reject: false });
  const [line] = await once(running.stdout, 'data');
  const { url } = z.object({ listening: z.number(), url: z.url() }).parse(JSON.parse(String(line)));
  expect((await fetch(`${url}/v1/models`)).status).toBe(200);
  running.kill('SIGTERM');
  expect((await running).exitCode).toBe(0);
});
