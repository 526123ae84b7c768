import type { Server } from 'node:http';
import { codeOf } from '../process/codeOf.ts';
import type { Connections } from './connections.ts';

/** Hears of a connection that was refused before there was a request, by Node's code of the fault. */
export type OnRefused = (code: string, address: string | undefined) => void;

const STATUS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** Only what the parser refused has a reader who understands HTTP. */
const isHttp = (code: string): boolean => code.startsWith('HPE_') || code.startsWith('ERR_HTTP_');

/**
 * Answers what is no HTTP (two lengths, a broken chunk, headers that are too large or never end) as Node does,
 * and tells of it. The connection is closed: nothing after it on the same wire can be trusted.
 */
export const refuseBroken = (server: Server, connections: Connections, onRefused: OnRefused): void => {
  server.on('clientError', (error, socket) => {
    const code = codeOf(error);
    const address = 'remoteAddress' in socket ? String(socket.remoteAddress) : undefined;
    // Nothing may be written into an answer that has begun.
    if (isHttp(code) && socket.writable && connections.answerOf(socket)?.headersSent !== true) {
      const status = STATUS[code] ?? '400 Bad Request';
      socket.write(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    }
    socket.destroy();
    if (isHttp(code)) onRefused(code, address);
  });
  server.on('drop', (data) => onRefused('TOO_MANY_CONNECTIONS', data?.remoteAddress));
};
