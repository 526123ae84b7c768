import type { Writable } from 'node:stream';
import {
  isJSONRPCNotification,
  isJSONRPCRequest,
  type JSONRPCMessage,
  type Transport,
} from '@modelcontextprotocol/server';
import { LIMITS } from '../../domain/limits.ts';
import { limitedReports } from '../limitedReports.ts';
import type { ByteSource } from './stdio/byteSource.ts';
import { inspectLine, type Refusal, RPC } from './stdio/inspectLine.ts';
import { createLineFramer } from './stdio/lineFramer.ts';
import { createRequestLedger } from './stdio/requestLedger.ts';

/** A client that does not read loses notifications, which are a bonus, before they cost more than this. */
const UNREAD_BYTES = 1024 * 1024;

/**
 * How long answers that are under way may still come after the client has closed its side, milliseconds:
 * `printf … | claude-orchestrator mcp` closes at once and wants its answers.
 */
const LAST_ANSWERS_MS = 1000;

export type StdioTransportOptions = {
  readonly source: ByteSource;
  readonly stdout: Writable;
  /** Called once, when the connection has ended for whatever reason. */
  readonly onEnd?: () => void;
  /** Hears the method of each request that passes. */
  readonly onRequest?: (method: string) => void;
};

/**
 * MCP's stdio transport with an answer for every malformed line, flat memory and back-pressure, in place of
 * the SDK's, which keeps silent on malformed lines and ends at 12 MB. To be given to `serveStdio`.
 */
export const createStdioTransport = ({
  source,
  stdout,
  onEnd,
  onRequest,
}: StdioTransportOptions): Transport => {
  const ledger = createRequestLedger();
  let closed = false;
  let lastAnswers: NodeJS.Timeout | undefined;

  const write = (message: unknown): void => {
    if (closed || !stdout.writable) return;
    // Whoever floods us without reading the answers is not read either.
    if (!stdout.write(`${JSON.stringify(message)}\n`)) source.pause();
  };

  const answer = ({ id, code, message }: Omit<Refusal, 'kind'>): void => {
    write({ jsonrpc: '2.0', id, error: { code, message } });
    report(`refused a line: ${message}`);
  };

  const report = limitedReports<string>(
    (what, leftOut) =>
      transport.onerror?.(new Error(leftOut === 0 ? what : `${what} (${leftOut} more before it)`)),
    () => performance.now(),
  );

  const framer = createLineFramer({
    maxBytes: LIMITS.lineBytes,
    onTooLong: () =>
      answer({
        id: null,
        code: RPC.request,
        message: `Invalid request: a line has at most ${LIMITS.lineBytes} bytes.`,
      }),
    onLine: (line) => {
      if (closed) return;
      const inspection = inspectLine(line);
      const verdict = inspection.kind === 'message' ? ledger.admit(inspection.message) : inspection;
      if (verdict.kind === 'refusal') answer(verdict);
      else if (verdict.kind === 'dropped') report(`ignored a ${verdict.reason}`);
      else if (inspection.kind === 'message') {
        if (isJSONRPCRequest(inspection.message)) onRequest?.(inspection.message.method);
        transport.onmessage?.(inspection.message);
      }
    },
  });

  const onDrain = (): void => {
    if (!closed) source.resume();
  };
  const onSourceEnd = (): void => {
    if (closed || lastAnswers !== undefined) return;
    if (ledger.open === 0) close();
    else lastAnswers = setTimeout(close, LAST_ANSWERS_MS);
  };
  // Stays attached after the end: a late EPIPE without a listener would end the process.
  const onStdoutError = (): void => close();

  const close = (): void => {
    if (closed) return;
    closed = true;
    clearTimeout(lastAnswers);
    source.stop();
    stdout.off('drain', onDrain);
    transport.onclose?.();
    onEnd?.();
  };

  const transport: Transport = {
    start: async () => {
      stdout.on('error', onStdoutError).on('drain', onDrain);
      source.start({ onBytes: framer.push, onEnd: onSourceEnd });
    },
    send: async (message: JSONRPCMessage) => {
      if (isJSONRPCNotification(message) && stdout.writableLength > UNREAD_BYTES) return;
      ledger.sent(message);
      write(message);
      if (lastAnswers !== undefined && ledger.open === 0) close();
    },
    close: async () => close(),
  };
  return transport;
};
