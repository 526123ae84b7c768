import { createMiddleware } from 'hono/factory';
import type { HttpEnv } from '../env.ts';
import { HttpRefusal } from '../refusal.ts';
import type { StrangersBodies } from './strangersBodies.ts';

export const MAX_BODY_BYTES = 4 * 1024 * 1024;
/** Whoever signs in has a secret or a passkey's answer to send, and has shown nothing yet. */
export const MAX_AUTH_BODY_BYTES = 64 * 1024;

const tooLarge = (max: number) =>
  new HttpRefusal(413, `The body is larger than ${max} bytes.`, 'Send less, or in several requests.');

const unsupported = (what: string) =>
  new HttpRefusal(415, what, 'Send the body as application/json, without a Content-Encoding.');

const isJson = (type: string | undefined): boolean =>
  type !== undefined && /^application\/json\s*(;|$)/i.test(type.trim());

/** @throws HttpRefusal 413 as soon as more has come than may; 400 when the body breaks off · the signal's reason */
const readAll = async (
  body: ReadableStream<Uint8Array>,
  max: number,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> => {
  const stopped = Promise.withResolvers<never>();
  // Nobody may be waiting for it any more.
  stopped.promise.catch(() => {});
  signal?.addEventListener('abort', () => stopped.reject(signal.reason), { once: true });
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const piece = await Promise.race([reader.read().catch(() => undefined), stopped.promise]);
    if (piece === undefined) throw new HttpRefusal(400, 'The body broke off.', 'Send the request again.');
    if (piece.done) return Buffer.concat(chunks);
    size += piece.value.byteLength;
    // Not cancelled: that would close the connection before the answer is read.
    if (size > max) throw tooLarge(max);
    chunks.push(piece.value);
  }
};

/**
 * Lets bodies in that are JSON and not larger than `max` bytes, read whole: routes behind it never wait for the
 * network. What says that it is too large is refused unread.
 * @param strangers bounds how many are read at once of those that came without a good credential.
 */
export const jsonBody = (max = MAX_BODY_BYTES, strangers?: StrangersBodies) =>
  createMiddleware<HttpEnv>(async (c, next) => {
    const length = Number(c.req.header('Content-Length') ?? 0);
    const chunked = c.req.header('Transfer-Encoding') !== undefined;
    if (length > max) throw tooLarge(max);
    if (length > 0 || chunked) {
      if (!isJson(c.req.header('Content-Type'))) throw unsupported('The body must be JSON.');
      const encoding = c.req.header('Content-Encoding')?.trim().toLowerCase() ?? 'identity';
      if (encoding !== 'identity') throw unsupported('The body must not be compressed.');
      const { method, url, headers, body, signal } = c.req.raw;
      // Undefined for methods that have no body to a route: Node reads and drops it.
      if (body !== null) {
        const isStranger = strangers !== undefined && c.get('identity') === undefined;
        const bytes = await (isStranger
          ? strangers.reading((stop) => readAll(body, max, stop))
          : readAll(body, max));
        c.req.raw = new Request(url, { method, headers, body: bytes, signal });
      }
    }
    await next();
  });
