import { z } from 'zod';
import { AGENT } from './httpServer.ts';

const rpcSchema = z.looseObject({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.string(), z.number(), z.null()]).optional(),
  method: z.string().optional(),
  params: z.record(z.string(), z.unknown()).optional(),
  result: z.record(z.string(), z.unknown()).optional(),
  error: z.looseObject({ code: z.number(), message: z.string(), data: z.unknown().optional() }).optional(),
});
export type Rpc = z.infer<typeof rpcSchema>;

export type Capabilities = Readonly<Record<string, unknown>>;

const REVISION = '2026-07-28';

/** The envelope that each request of the 2026 era carries. */
export const envelope = (capabilities: Capabilities = {}) => ({
  'io.modelcontextprotocol/protocolVersion': REVISION,
  'io.modelcontextprotocol/clientInfo': { name: 'wire', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': capabilities,
});

export const TASKS: Capabilities = { extensions: { 'io.modelcontextprotocol/tasks': {} } };

const nameOf = (params: Readonly<Record<string, unknown>>): string | undefined =>
  [params.name, params.uri, params.taskId].find((value) => typeof value === 'string');

/** Headers and body of a correct request of the 2026 era, for tests to spoil. */
export const modernRequest = (
  method: string,
  params: Readonly<Record<string, unknown>>,
  capabilities?: Capabilities,
): { headers: Record<string, string>; body: string } => {
  const name = nameOf(params);
  return {
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': REVISION,
      'mcp-method': method,
      ...(name === undefined ? {} : { 'mcp-name': name }),
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method,
      params: { ...params, _meta: { ...envelope(capabilities), ...meta(params) } },
    }),
  };
};

const meta = (params: Readonly<Record<string, unknown>>): object =>
  typeof params._meta === 'object' && params._meta !== null ? params._meta : {};

/** The JSON-RPC messages of an event stream as they come; ends when the stream does. */
export async function* streamed(response: Response): AsyncGenerator<Rpc> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const data = event
        .split('\n')
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5).trim())
        .join('\n');
      if (data !== '') yield rpcSchema.parse(JSON.parse(data));
    }
  }
}

/** The one answer of a request, from a body or from the end of a stream. */
export const answerOf = async (response: Response): Promise<Rpc> => {
  if (!response.headers.get('content-type')?.includes('text/event-stream'))
    return rpcSchema.parse(await response.json());
  let last: Rpc | undefined;
  for await (const message of streamed(response)) last = message;
  if (last === undefined) throw new Error('the stream held no message');
  return last;
};

/** Sends a correct request of the 2026 era. */
export const send = (
  url: string,
  method: string,
  params: Readonly<Record<string, unknown>>,
  o: { readonly token?: string; readonly capabilities?: Capabilities; readonly signal?: AbortSignal } = {},
): Promise<Response> => {
  const { headers, body } = modernRequest(method, params, o.capabilities);
  return fetch(url, {
    method: 'POST',
    headers: { ...headers, authorization: `Bearer ${o.token ?? AGENT}` },
    body,
    ...(o.signal === undefined ? {} : { signal: o.signal }),
  });
};

/** The result of a call that has to succeed. */
export const ask = async (...args: Parameters<typeof send>): Promise<Record<string, unknown>> => {
  const { result, error } = await answerOf(await send(...args));
  if (result === undefined) throw new Error(`${error?.code}: ${error?.message}`);
  return result;
};
