import { type JSONRPCMessage, parseJSONRPCMessage, type RequestId } from '@modelcontextprotocol/server';
import { findHostility, type Hostility } from './hostileValue.ts';

/** JSON-RPC's own error codes. */
export const RPC = { parse: -32700, request: -32600, params: -32602 } as const;

/**
 * The notifications that a server of ours acts on. The SDK takes a tenth of a millisecond to ignore any other,
 * which a flood of them would turn into seconds.
 */
const HEARD: ReadonlySet<string> = new Set(['notifications/initialized', 'notifications/cancelled']);

/** Ids and tokens are sent back as they came, progress tokens many times: long ones are an amplifier. */
const MAX_TOKEN_CHARACTERS = 1000;

export type Refusal = {
  readonly kind: 'refusal';
  readonly id: RequestId | null;
  readonly code: number;
  readonly message: string;
};

export type Inspection =
  | { readonly kind: 'nothing' }
  | Refusal
  /** Wrong, but of a kind that JSON-RPC forbids to answer: a notification or a response. */
  | { readonly kind: 'dropped'; readonly reason: string }
  | { readonly kind: 'message'; readonly message: JSONRPCMessage };

const refuse = (id: RequestId | null, code: number, message: string): Refusal => ({
  kind: 'refusal',
  id,
  code,
  message,
});

const HOSTILITY: Readonly<Record<Hostility, readonly [code: number, message: string]>> = {
  prototype: [RPC.params, 'Invalid params: keys that reach for a prototype are refused.'],
  depth: [RPC.params, 'Invalid params: nested too deeply.'],
  surrogate: [RPC.parse, 'Parse error: a string holds half of a surrogate pair.'],
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isId = (value: unknown): value is RequestId =>
  typeof value === 'string' ? value.length <= MAX_TOKEN_CHARACTERS : Number.isSafeInteger(value);

/** The decoder is strict, so that overlong and broken sequences are refused and a BOM is taken away. */
const decode = (line: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(line);
  } catch {
    return undefined;
  }
};

const parse = (text: string): { readonly value: unknown } | undefined => {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
};

/**
 * Tells what one line of a client is: nothing, one JSON-RPC message, or the answer that it gets instead. The
 * SDK drops without a word whatever its schemas do not know; a client would wait for that answer for ever.
 */
export const inspectLine = (line: Uint8Array): Inspection => {
  const text = decode(line);
  if (text === undefined) return refuse(null, RPC.parse, 'Parse error: the line is not UTF-8.');
  if (text.trim() === '') return { kind: 'nothing' };
  const parsed = parse(text);
  if (parsed === undefined) return refuse(null, RPC.parse, 'Parse error: the line is not one JSON value.');
  if (Array.isArray(parsed.value)) {
    return refuse(null, RPC.request, 'Invalid request: batches are not part of the protocol.');
  }
  if (!isRecord(parsed.value)) return refuse(null, RPC.request, 'Invalid request: a message is an object.');
  return inspectObject(parsed.value);
};

const inspectObject = (value: Readonly<Record<string, unknown>>): Inspection => {
  const hostility = findHostility(value);
  if (!Object.hasOwn(value, 'method') && (Object.hasOwn(value, 'result') || Object.hasOwn(value, 'error'))) {
    return hostility === undefined
      ? inspectResponse(value)
      : { kind: 'dropped', reason: `response: ${hostility}` };
  }
  const isRequest = Object.hasOwn(value, 'id');
  if (isRequest && !isId(value.id)) {
    return refuse(
      null,
      RPC.request,
      'Invalid request: an id is a string of at most 1,000 characters or an integer.',
    );
  }
  const id = isId(value.id) ? value.id : null;
  if (value.jsonrpc !== '2.0') return refuse(id, RPC.request, 'Invalid request: "jsonrpc" must be "2.0".');
  if (typeof value.method !== 'string')
    return refuse(id, RPC.request, 'Invalid request: "method" is missing.');
  if (!isRequest && !HEARD.has(value.method)) return { kind: 'nothing' };
  const problem = hostility === undefined ? paramsProblem(value.params) : HOSTILITY[hostility];
  if (problem !== undefined) {
    return isRequest ? refuse(id, ...problem) : { kind: 'dropped', reason: `notification: ${problem[1]}` };
  }
  return accept(value, isRequest, id);
};

const paramsProblem = (params: unknown): readonly [code: number, message: string] | undefined => {
  if (params === undefined) return undefined;
  if (!isRecord(params)) return [RPC.params, 'Invalid params: "params" must be an object.'];
  const meta = params._meta;
  if (meta === undefined) return undefined;
  if (!isRecord(meta)) return [RPC.params, 'Invalid params: "_meta" must be an object.'];
  const token = meta.progressToken;
  return token === undefined || isId(token)
    ? undefined
    : [RPC.params, 'Invalid params: a progressToken is a string of at most 1,000 characters or an integer.'];
};

/** Only the fields of the protocol go on, and only in the shape that the SDK knows. */
const accept = (
  value: Readonly<Record<string, unknown>>,
  isRequest: boolean,
  id: RequestId | null,
): Inspection => {
  try {
    const { method, params } = value;
    const message = parseJSONRPCMessage({
      jsonrpc: '2.0',
      method,
      ...(isRequest ? { id } : {}),
      ...(params === undefined ? {} : { params }),
    });
    return { kind: 'message', message };
  } catch {
    return isRequest
      ? refuse(id, RPC.params, 'Invalid params: they have not the shape that the protocol knows.')
      : { kind: 'dropped', reason: 'notification of an unknown shape' };
  }
};

const inspectResponse = (value: unknown): Inspection => {
  try {
    return { kind: 'message', message: parseJSONRPCMessage(value) };
  } catch {
    return { kind: 'dropped', reason: 'response of an unknown shape' };
  }
};
