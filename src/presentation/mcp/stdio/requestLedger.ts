import {
  isJSONRPCErrorResponse,
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
  type JSONRPCMessage,
  type RequestId,
} from '@modelcontextprotocol/server';
import { type Refusal, RPC } from './inspectLine.ts';

/** Calls that one client may have open at once: each may wait for 45 s and hold its arguments meanwhile. */
const MAX_OPEN = 1000;

/** JSON-RPC's range for a server's own errors. */
const SERVER_BUSY = -32000;

export type Admission =
  | { readonly kind: 'pass' }
  | { readonly kind: 'dropped'; readonly reason: string }
  | Refusal;

/** Which requests of either side await their answer. */
export type RequestLedger = {
  /** Judges a message of the client, and notes it where it passes. */
  admit(message: JSONRPCMessage): Admission;
  /** Notes a message of ours. */
  sent(message: JSONRPCMessage): void;
  /** True while the client's request has no answer. */
  awaits(request: RequestId | undefined): boolean;
  /** The client's request was refused before anybody took it up. */
  release(request: RequestId): void;
  /** Requests of the client without an answer. */
  readonly open: number;
};

const isResponse = (
  message: JSONRPCMessage,
): message is Extract<JSONRPCMessage, { id?: RequestId | undefined }> =>
  isJSONRPCResultResponse(message) || isJSONRPCErrorResponse(message);

/** The request that a message takes back; undefined where it is no cancellation. */
export const cancelledId = (message: JSONRPCMessage): RequestId | undefined => {
  if (!isJSONRPCNotification(message) || message.method !== 'notifications/cancelled') return undefined;
  const id = message.params?.requestId;
  return typeof id === 'string' || typeof id === 'number' ? id : undefined;
};

export const createRequestLedger = (): RequestLedger => {
  const theirs = new Set<RequestId>();
  const ours = new Set<RequestId>();

  const admitRequest = (id: RequestId): Admission => {
    if (theirs.has(id)) {
      // With the id of the first one, this answer would be taken for the first one's.
      return { kind: 'refusal', id: null, code: RPC.request, message: 'Invalid request: this id is in use.' };
    }
    if (theirs.size >= MAX_OPEN) {
      const message = `Too many open requests (${MAX_OPEN}). Wait for answers, then send this one again.`;
      return { kind: 'refusal', id, code: SERVER_BUSY, message };
    }
    theirs.add(id);
    return { kind: 'pass' };
  };

  return {
    admit: (message) => {
      if (isJSONRPCRequest(message)) return admitRequest(message.id);
      if (isResponse(message)) {
        return message.id !== undefined && ours.delete(message.id)
          ? { kind: 'pass' }
          : { kind: 'dropped', reason: 'response to no request of ours' };
      }
      const cancelled = cancelledId(message);
      // A cancelled request gets no answer, so its id is free again.
      return cancelled === undefined || theirs.delete(cancelled)
        ? { kind: 'pass' }
        : { kind: 'dropped', reason: 'cancellation of no open request' };
    },
    sent: (message) => {
      if (isJSONRPCRequest(message)) ours.add(message.id);
      else if (isResponse(message) && message.id !== undefined) theirs.delete(message.id);
    },
    awaits: (request) => request !== undefined && theirs.has(request),
    release: (request) => void theirs.delete(request),
    get open() {
      return theirs.size;
    },
  };
};
