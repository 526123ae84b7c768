import { AGENT } from './httpServer.ts';
import { type Rpc, streamed } from './httpWire.ts';

const VERSION = '2025-11-25';

export type Sent = { readonly token?: string; readonly session?: string; readonly signal?: AbortSignal };

const headersOf = ({ token = AGENT, session }: Sent): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  accept: 'application/json, text/event-stream',
  'content-type': 'application/json',
  'mcp-protocol-version': VERSION,
  ...(session === undefined ? {} : { 'mcp-session-id': session }),
});

/** Sends one message of the 2025 era as it is. */
export const post = (url: string, message: object, sent: Sent = {}): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: headersOf(sent),
    body: JSON.stringify({ jsonrpc: '2.0', ...message }),
    ...(sent.signal === undefined ? {} : { signal: sent.signal }),
  });

/** Asks for the client's own stream, or ends the session. */
export const bodiless = (url: string, method: 'GET' | 'DELETE', sent: Sent): Promise<Response> =>
  fetch(url, {
    method,
    headers: headersOf(sent),
    ...(sent.signal === undefined ? {} : { signal: sent.signal }),
  });

export const initialize = (capabilities: object, id: number | string = 'init'): object => ({
  id,
  method: 'initialize',
  params: { protocolVersion: VERSION, capabilities, clientInfo: { name: 'wire', version: '1' } },
});

/** Does the handshake of a client that can be asked; gives the session's id. */
export const openSession = async (url: string, sent: Sent = {}): Promise<string> => {
  const response = await post(url, initialize({ elicitation: {} }), sent);
  await response.text();
  const id = response.headers.get('mcp-session-id');
  if (id === null) throw new Error(`no session was given: ${response.status}`);
  await post(url, { method: 'notifications/initialized' }, { ...sent, session: id });
  return id;
};

export const toolCall = (id: number | string, name: string, args: object): object => ({
  id,
  method: 'tools/call',
  params: { name, arguments: args },
});

/** Reads a stream message by message. */
export const reader = (response: Response): { readonly next: () => Promise<Rpc | undefined> } => {
  const messages = streamed(response);
  return {
    next: async () => {
      const { value, done } = await messages.next();
      return done === true ? undefined : value;
    },
  };
};
