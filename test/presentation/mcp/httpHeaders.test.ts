import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AGENT, type McpOverHttp, startMcpHttp } from '../../support/mcp/httpServer.ts';
import { answerOf, modernRequest } from '../../support/mcp/httpWire.ts';

let http: McpOverHttp;
beforeAll(async () => {
  http = await startMcpHttp();
});
afterAll(() => http.close());

const LIST = modernRequest('tools/list', {});
const CALL = modernRequest('tools/call', { name: 'system_health', arguments: {} });
const OLD = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
  'mcp-protocol-version': '2025-06-18',
};
const oldBody = (method: string, id: unknown = 1): string => JSON.stringify({ jsonrpc: '2.0', id, method });

const post = (headers: Record<string, string>, body: string | Uint8Array<ArrayBuffer>): Promise<Response> =>
  fetch(http.url, { method: 'POST', headers: { authorization: `Bearer ${AGENT}`, ...headers }, body });
const without = (headers: Record<string, string>, name: string): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name));

describe('the door of MCP over HTTP', () => {
  it('serves a correct request of either era, and gives no session', async () => {
    for (const [headers, body] of [
      [LIST.headers, LIST.body],
      [OLD, oldBody('tools/list')],
    ] as const) {
      const response = await post(headers, body);
      expect(response.status).toBe(200);
      expect(response.headers.get('mcp-session-id')).toBeNull();
      expect((await answerOf(response)).result).toMatchObject({ tools: expect.any(Array) });
    }
  });

  it('declares to each era what can be had of changes without a session: all to the one, nothing to the other', async () => {
    const params = {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'x', version: '1' },
    };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params });
    expect((await answerOf(await post(OLD, body))).result?.capabilities).toMatchObject({
      resources: { subscribe: false, listChanged: false },
    });
    const discover = modernRequest('server/discover', {});
    expect((await answerOf(await post(discover.headers, discover.body))).result?.capabilities).toMatchObject({
      resources: { subscribe: true, listChanged: true },
    });
  });

  it.each(['GET', 'DELETE', 'PUT'])('%s is answered with 405 and what is allowed', async (method) => {
    const response = await fetch(http.url, {
      method,
      headers: { accept: 'text/event-stream', authorization: `Bearer ${AGENT}` },
    });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
  });

  it.each([['application/json'], ['text/event-stream'], ['text/html'], ['*/*']])(
    'Accept: %s alone is refused with 406 in both eras',
    async (accept) => {
      expect((await post({ ...LIST.headers, accept }, LIST.body)).status).toBe(406);
      expect((await post({ ...OLD, accept }, oldBody('tools/list'))).status).toBe(406);
    },
  );

  it('a body that is not declared as JSON is refused with 415', async () => {
    expect((await post({ ...LIST.headers, 'content-type': 'text/plain' }, LIST.body)).status).toBe(415);
    expect((await post({ ...OLD, 'content-type': 'text/plain' }, oldBody('ping'))).status).toBe(415);
  });

  it.each(['mcp-protocol-version', 'mcp-method', 'mcp-name'])(
    'a modern call without %s is refused, naming the header',
    async (name) => {
      const response = await post(without(CALL.headers, name), CALL.body);
      expect(response.status).toBe(400);
      expect((await answerOf(response)).error).toMatchObject({ code: -32020 });
    },
  );

  it.each([
    ['mcp-protocol-version', '2025-06-18'],
    ['mcp-method', 'tools/list'],
    ['mcp-name', 'job_cancel'],
  ])('a %s that says another thing than the body is refused', async (name, value) => {
    const response = await post({ ...CALL.headers, [name]: value }, CALL.body);
    expect(response.status).toBe(400);
    expect((await answerOf(response)).error).toMatchObject({ code: -32020 });
  });

  it('a revision of the protocol that is not known is refused with those that are', async () => {
    expect((await post({ ...OLD, 'mcp-protocol-version': '1999-01-01' }, oldBody('tools/list'))).status).toBe(
      400,
    );
    const future = LIST.body.replace('2026-07-28', '2099-01-01');
    const response = await post({ ...LIST.headers, 'mcp-protocol-version': '2099-01-01' }, future);
    expect(response.status).toBe(400);
    expect((await answerOf(response)).error?.data).toMatchObject({ supported: ['2026-07-28'] });
  });

  it.each([
    ['nothing', '', -32700],
    ['half an object', '{', -32700],
    ['a batch', `[${oldBody('ping')}]`, -32600],
    ['a number', '7', -32600],
    ['no method', '{"jsonrpc":"2.0","id":1}', -32600],
    ['half a surrogate pair', oldBody('ping').replace('ping', '\\ud800'), -32700],
    [
      'a key that reaches for the prototype',
      '{"jsonrpc":"2.0","id":1,"method":"ping","params":{"__proto__":{"a":1}}}',
      -32602,
    ],
    ['an id that is an object', oldBody('ping', {}), -32600],
  ])('%s in a body is refused as over stdio', async (_what, body, code) => {
    const response = await post(OLD, body);
    expect(response.status).toBe(400);
    expect((await answerOf(response)).error?.code).toBe(code);
  });

  it('bytes that are not UTF-8 are refused', async () => {
    const response = await post(OLD, Uint8Array.from([...Buffer.from(oldBody('p')), 0xff]));
    expect((await answerOf(response)).error?.code).toBe(-32700);
  });

  it('a message beyond 4 MB is refused with 413', async () => {
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'ping',
      params: { a: 'x'.repeat(4 * 2 ** 20) },
    });
    expect((await post(OLD, body)).status).toBe(413);
  });

  it('a notification is taken with 202 and no body', async () => {
    const response = await post(OLD, '{"jsonrpc":"2.0","method":"notifications/initialized"}');
    expect([response.status, await response.text()]).toEqual([202, '']);
  });

  it('a method that there is not is answered with the code for it', async () => {
    const unknown = modernRequest('tools/dance', {});
    expect((await answerOf(await post(unknown.headers, unknown.body))).error?.code).toBe(-32601);
    expect((await answerOf(await post(OLD, oldBody('tools/dance')))).error?.code).toBe(-32601);
  });

  it('a page of another origin, and whoever has no credential, does not get in', async () => {
    const { headers, body } = LIST;
    expect((await post({ ...headers, origin: 'http://evil.example' }, body)).status).toBe(403);
    expect((await fetch(http.url, { method: 'POST', headers, body })).status).toBe(401);
  });

  it('what was refused is logged', () => {
    expect(http.refused.some((message) => message.includes('Accept'))).toBe(true);
    expect(http.refused.some((message) => message.includes('Mcp-Name'))).toBe(true);
  });
});
