import {
  isJSONRPCNotification,
  type JSONRPCMessage,
  type RequestId,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import { createRequestLedger, type RequestLedger } from '../stdio/requestLedger.ts';

type Sending = { readonly relatedRequestId?: RequestId };

export type SessionTransportOptions = {
  /** The session's id: visible ASCII. */
  readonly id: string;
  /** True while the client does not read what waits for it on the stream of its own. */
  readonly isClogged: () => boolean;
  /** Called once, however the session ends. */
  readonly onEnd: () => void;
};

/** The SDK's transport of one session, which knows what either side still awaits and leaves nothing of it behind. */
export class SessionTransport extends WebStandardStreamableHTTPServerTransport {
  readonly ledger: RequestLedger = createRequestLedger();
  readonly #isClogged: () => boolean;
  readonly #onEnd: () => void;

  constructor({ id, isClogged, onEnd }: SessionTransportOptions) {
    super({ sessionIdGenerator: () => id });
    this.#isClogged = isClogged;
    this.#onEnd = onEnd;
  }

  override async send(message: JSONRPCMessage, options: Sending = {}): Promise<void> {
    this.ledger.sent(message);
    const { relatedRequestId: related } = options;
    if (!isJSONRPCNotification(message)) return super.send(message, options);
    // A question is taken back after the call in which it was asked: its stream is gone, the client's own may be open.
    const isTakenBack = message.method === 'notifications/cancelled' && !this.ledger.awaits(related);
    if (related !== undefined && !isTakenBack) return super.send(message, options);
    // News are a bonus: who does not read them loses them before they cost memory.
    if (!this.#isClogged()) await super.send(message);
  }

  /** Ends the stream of a call that the client has taken back: it gets no answer that would end it. */
  async forget(request: RequestId): Promise<void> {
    this.closeSSEStream(request);
    const error = { code: -32000, message: 'The request was cancelled.' };
    // Nobody reads it; the transport lets go of the call when it was answered, and only then.
    await super.send({ jsonrpc: '2.0', id: request, error }).catch(() => {});
  }

  override async close(): Promise<void> {
    // First, and at once: who counts the sessions must not count this one any more.
    this.#onEnd();
    await super.close();
  }
}
