import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RawClient, startInitialized, startJob } from '../../support/mcp/rawClient.ts';

let client: RawClient;
beforeAll(async () => {
  client = await startInitialized();
});
afterAll(async () => {
  expect(await client.end()).toBe(0);
});

/** Sends raw bytes and waits for the first error that comes after them. */
const refusal = async (line: string | Uint8Array): Promise<{ code: number; id: unknown }> => {
  const from = client.messages.length;
  await client.write(line);
  await client.write('\n');
  const { id, error } = await client.expect((message) => message.error !== undefined, from);
  return { code: error?.code ?? 0, id };
};

const expectStillServing = async (): Promise<void> => {
  const { result } = await client.request('tools/list');
  expect(result?.tools).toHaveLength(12);
};

const rpc = (rest: string): string => `{"jsonrpc":"2.0",${rest}}`;
const bytes = (...values: number[]): Buffer => Buffer.from(values);
const around = (middle: Buffer): Buffer =>
  Buffer.concat([Buffer.from('{"jsonrpc":"2.0","id":1,"method":"'), middle, Buffer.from('"}')]);

describe('a malformed line is answered by its JSON-RPC error, and the next good request is served', () => {
  const rows: readonly (readonly [name: string, line: string | Buffer, code: number, id: unknown])[] = [
    ['2: an open brace', '{', -32700, null],
    ['2: bare words', 'hello', -32700, null],
    ['2: NaN is no JSON', rpc('"id":1,"method":"ping","params":{"a":NaN}'), -32700, null],
    ['4: a batch', `[${rpc('"id":1,"method":"ping"')},${rpc('"id":2,"method":"ping"')}]`, -32600, null],
    ['4: an empty batch', '[]', -32600, null],
    ['5: null', 'null', -32600, null],
    ['5: a number', '42', -32600, null],
    ['5: a string', '"x"', -32600, null],
    ['5: an empty object', '{}', -32600, null],
    ['7: an object as id', rpc('"id":{},"method":"ping"'), -32600, null],
    ['7: an array as id', rpc('"id":[1],"method":"ping"'), -32600, null],
    ['7: true as id', rpc('"id":true,"method":"ping"'), -32600, null],
    ['7: 1e400 as id', rpc('"id":1e400,"method":"ping"'), -32600, null],
    ['7: a fraction as id', rpc('"id":1.5,"method":"ping"'), -32600, null],
    ['7: an integer that loses digits as id', rpc('"id":9007199254740993,"method":"ping"'), -32600, null],
    ['7: null as id', rpc('"id":null,"method":"ping"'), -32600, null],
    ['7: an endless id', rpc(`"id":"${'x'.repeat(5000)}","method":"ping"`), -32600, null],
    ['another version of JSON-RPC', '{"jsonrpc":"1.0","id":1,"method":"ping"}', -32600, 1],
    ['no version of JSON-RPC', '{"id":1,"method":"ping"}', -32600, 1],
    ['no method', rpc('"id":1'), -32600, 1],
    ['a number as method', rpc('"id":1,"method":7'), -32600, 1],
    ['an array as params', rpc('"id":1,"method":"ping","params":[1]'), -32602, 1],
    ['a number as _meta', rpc('"id":1,"method":"ping","params":{"_meta":1}'), -32602, 1],
    ['10: an unknown method', rpc('"id":1,"method":"no/such"'), -32601, 1],
    [
      '11: an unknown tool',
      rpc('"id":1,"method":"tools/call","params":{"name":"no_such","arguments":{}}'),
      -32602,
      1,
    ],
    [
      '11: a tool of every object',
      rpc('"id":1,"method":"tools/call","params":{"name":"constructor"}'),
      -32602,
      1,
    ],
    [
      'arguments that are a list',
      rpc('"id":1,"method":"tools/call","params":{"name":"job_list","arguments":[]}'),
      -32602,
      1,
    ],
    ['16: a broken UTF-8 sequence', around(bytes(0xc3, 0x28)), -32700, null],
    ['16: an overlong UTF-8 sequence', around(bytes(0xc0, 0xaf)), -32700, null],
    ['16: a surrogate in UTF-8', around(bytes(0xed, 0xa0, 0x80)), -32700, null],
    [
      '16: half a surrogate pair by escape',
      rpc('"id":1,"method":"ping","params":{"a":"\\ud800"}'),
      -32700,
      1,
    ],
    [
      '20: two messages on one line',
      `${rpc('"id":1,"method":"ping"')}${rpc('"id":2,"method":"ping"')}`,
      -32700,
      null,
    ],
    [
      '25: __proto__ in params',
      rpc('"id":1,"method":"ping","params":{"__proto__":{"isAdmin":true}}'),
      -32602,
      1,
    ],
    ['25: __proto__ at the top', rpc('"id":1,"method":"ping","__proto__":{"isAdmin":true}'), -32602, 1],
    [
      '25: __proto__ spelled by escapes',
      rpc('"id":1,"method":"ping","params":{"\\u005f_proto__":{}}'),
      -32602,
      1,
    ],
    [
      '25: __proto__ deep in arguments',
      rpc(
        '"id":1,"method":"tools/call","params":{"name":"orchestrate","arguments":{"request":"x","workspace":"/x","tasks":[{"prompt":"p","__proto__":{"isAdmin":true}}]}}',
      ),
      -32602,
      1,
    ],
    [
      '25: constructor.prototype',
      rpc('"id":1,"method":"ping","params":{"a":[{"constructor":{"prototype":{"isAdmin":true}}}]}'),
      -32602,
      1,
    ],
    [
      'nesting without end',
      rpc(`"id":1,"method":"ping","params":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`),
      -32602,
      1,
    ],
    [
      '28: an object as progress token',
      rpc('"id":1,"method":"ping","params":{"_meta":{"progressToken":{}}}'),
      -32602,
      1,
    ],
    [
      '28: a huge progress token',
      rpc(`"id":1,"method":"ping","params":{"_meta":{"progressToken":"${'x'.repeat(100_000)}"}}`),
      -32602,
      1,
    ],
  ];

  it.each(rows)('%s', async (_name, line, code, id) => {
    expect(await refusal(line)).toEqual({ code, id });
    await expectStillServing();
  });
});

describe('what is unusual but right is served', () => {
  it('1: empty and blank lines are passed over', async () => {
    const from = client.messages.length;
    await client.write('\n  \n\t\n\r\n');
    await expectStillServing();
    expect(client.messages.slice(from).every((message) => message.error === undefined)).toBe(true);
  });

  it('17: a byte order mark is passed over', async () => {
    await client.write(
      Buffer.concat([bytes(0xef, 0xbb, 0xbf), Buffer.from(`${rpc('"id":"bom","method":"ping"')}\n`)]),
    );
    expect((await client.expect((message) => message.id === 'bom')).result).toEqual({});
  });

  it('19: lines may end in CRLF', async () => {
    await client.write(`${rpc('"id":"crlf","method":"ping"')}\r\n`);
    expect((await client.expect((message) => message.id === 'crlf')).result).toEqual({});
  });

  it('a message may come byte by byte, cut within a character', async () => {
    for (const byte of Buffer.from(`${rpc('"id":"päng","method":"ping"')}\n`))
      await client.write(bytes(byte));
    expect((await client.expect((message) => message.id === 'päng')).result).toEqual({});
  });

  it('a field that JSON-RPC does not know does not make a request disappear', async () => {
    await client.write(`${rpc('"id":"extra","method":"ping","extra":1')}\n`);
    expect((await client.expect((message) => message.id === 'extra')).result).toEqual({});
  });

  it('29: a response to no request is ignored, and told to the log', async () => {
    const fresh = await startInitialized();
    const from = fresh.messages.length;
    await fresh.write(
      `${rpc('"id":999,"result":{}')}\n${rpc('"id":998,"error":{"code":1,"message":"x"}')}\n`,
    );
    await fresh.stderrLine('response to no request of ours');
    expect((await fresh.request('ping')).result).toEqual({});
    expect(fresh.messages.slice(from)).toHaveLength(1);
    await fresh.end();
  });

  it('a malformed notification gets no answer, as JSON-RPC wants it', async () => {
    const from = client.messages.length;
    await client.write(`${rpc('"method":"notifications/cancelled","params":[1]')}\n`);
    await client.write(`${rpc('"method":"notifications/x","params":{"__proto__":{}}')}\n`);
    await expectStillServing();
    expect(client.messages.slice(from)).toHaveLength(1);
  });
});

describe('8: an id that is in flight', () => {
  it('is refused the second time, and the first request gets its own answer', async () => {
    const job_id = await startJob(client);
    const wait = { name: 'job_wait', arguments: { job_id, wait_seconds: 45 } };
    const from = client.messages.length;
    await client.send({ jsonrpc: '2.0', id: 'twice', method: 'tools/call', params: wait });
    await client.send({ jsonrpc: '2.0', id: 'twice', method: 'ping' });
    const second = await client.expect((message) => message.error !== undefined, from);
    // Never with the id of the first: its caller would take the refusal for its answer.
    expect(second).toMatchObject({ id: null, error: { code: -32600 } });
    await client.call('job_steer', { job_id, action: 'message', task_id: 't1', message: 'finish' });
    const first = await client.expect((message) => message.id === 'twice', from);
    expect(first.result?.structuredContent).toMatchObject({ status: 'succeeded' });
    // And now it is free again.
    await client.send({ jsonrpc: '2.0', id: 'twice', method: 'ping' });
    expect(
      (await client.expect((message) => message.id === 'twice', client.messages.indexOf(first) + 1)).result,
    ).toEqual({});
  });
});

it('25: nothing of all this has polluted a prototype', async () => {
  const other = await startInitialized();
  await other.write(`${rpc('"id":1,"method":"ping","params":{"__proto__":{"isAdmin":true}}')}\n`);
  await other.expect((message) => message.id === 1);
  await other.end();
  expect(await other.stderrLine('"ended":true')).toContain('"polluted":false');
});
