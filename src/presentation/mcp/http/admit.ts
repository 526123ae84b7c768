import {
  CLIENT_CAPABILITIES_META_KEY,
  isJSONRPCRequest,
  isJsonContentType,
  type JSONRPCMessage,
  type RequestId,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { ERROR_CODES, toOrchestratorError } from '../../../domain/errors/index.ts';
import { LIMITS } from '../../../domain/limits.ts';
import { errorToWire } from '../../wire/error.ts';
import { abilitiesIn } from '../clientAbilities.ts';
import { inspectLine, RPC } from '../stdio/inspectLine.ts';
import { missingTasksAbility } from '../tasks/taskMethods.ts';

export type Admission =
  /** Without a message the SDK has the answer all the same: it was no POST, or no JSON. */
  | { readonly kind: 'admitted'; readonly message?: JSONRPCMessage }
  | { readonly kind: 'answer'; readonly response: Response; readonly reason?: string };

type RpcError = { readonly code: number; readonly message: string; readonly data?: unknown };

const refuse = (status: number, error: RpcError, id: RequestId | null = null): Admission => ({
  kind: 'answer',
  reason: error.message,
  response: Response.json({ jsonrpc: '2.0', id, error }, { status }),
});

/** What a request is answered with that failed before the SDK could answer it. */
export const refuseThrown = (thrown: unknown, message: JSONRPCMessage | undefined): Response => {
  const error = toOrchestratorError(thrown);
  const { http: status, jsonRpc: code } = ERROR_CODES[error.code];
  const data = errorToWire(error);
  const id = message !== undefined && isJSONRPCRequest(message) ? message.id : null;
  return Response.json(
    { jsonrpc: '2.0', id, error: { code, message: `${data.message} ${data.hint}`, data } },
    { status },
  );
};

/** What is not there and what is another principal's get the same words. */
export const noSuchSession = (message: JSONRPCMessage | undefined): Response => {
  const id = message !== undefined && isJSONRPCRequest(message) ? message.id : null;
  const error = {
    code: NO_SESSION,
    message: 'Session not found: it has ended, or never was. Send initialize again, without Mcp-Session-Id.',
  };
  return Response.json({ jsonrpc: '2.0', id, error }, { status: 404 });
};

/** What clients know a lost session by, besides the 404. */
const NO_SESSION = -32001;

/** The transport's own errors have the first code that JSON-RPC leaves free, as the SDK uses it. */
const TRANSPORT = -32000;

const accepts = (header: string | null): boolean =>
  header?.includes('application/json') === true && header.includes('text/event-stream');

const listenSchema = z.looseObject({
  _meta: z.looseObject({ [CLIENT_CAPABILITIES_META_KEY]: z.unknown() }).optional(),
  notifications: z.looseObject({ taskIds: z.unknown() }).optional(),
});

/** True where a client asks for news of tasks and did not say that it knows what a task is. */
const asksForUndeclaredTasks = (params: unknown): boolean => {
  const { data } = listenSchema.safeParse(params);
  if (data?.notifications?.taskIds === undefined) return false;
  // The SDK's own key of the envelope: nothing has lifted it out of the params yet.
  return !abilitiesIn(data._meta?.[CLIENT_CAPABILITIES_META_KEY]).tasks;
};

/**
 * Looks at one HTTP request before the SDK does. A body passes the same inspection as a line of stdio: strict
 * UTF-8, no batch, nothing that reaches for a prototype or nests without end. Which headers a request needs is the
 * SDK's to check.
 */
export const admit = async (request: Request): Promise<Admission> => {
  if (request.method !== 'POST' || !isJsonContentType(request.headers.get('content-type')))
    return { kind: 'admitted' };
  if (!accepts(request.headers.get('accept'))) {
    return refuse(406, {
      code: TRANSPORT,
      message: 'Not acceptable: the Accept header has to list application/json and text/event-stream.',
    });
  }
  const body = new Uint8Array(await request.arrayBuffer());
  if (body.byteLength > LIMITS.lineBytes) {
    return refuse(413, {
      code: TRANSPORT,
      message: `Too large: a message has at most ${LIMITS.lineBytes} bytes.`,
    });
  }
  return judge(body);
};

const judge = (body: Uint8Array): Admission => {
  const inspection = inspectLine(body);
  switch (inspection.kind) {
    case 'refusal':
      return refuse(400, { code: inspection.code, message: inspection.message }, inspection.id);
    case 'dropped':
      return refuse(400, { code: RPC.request, message: `Invalid request: a ${inspection.reason}.` });
    case 'nothing':
      return body.every((byte) => byte <= 0x20)
        ? refuse(400, { code: RPC.parse, message: 'Parse error: the body is empty.' })
        : { kind: 'answer', response: new Response(null, { status: 202 }) };
    case 'message': {
      const { message } = inspection;
      if (
        isJSONRPCRequest(message) &&
        message.method === 'subscriptions/listen' &&
        asksForUndeclaredTasks(message.params)
      ) {
        const { code, message: words, data } = missingTasksAbility();
        return refuse(400, { code, message: words, data }, message.id);
      }
      return { kind: 'admitted', message };
    }
  }
};
