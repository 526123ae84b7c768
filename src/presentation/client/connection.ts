import type { z } from 'zod';
import { OrchestratorError } from '../../domain/errors/index.ts';
import { type Problem, problemSchema } from '../wire/problem.ts';
import { errorOfProblem, ServerAnswerError, ServerUnreachableError } from './errors.ts';
import { createSseParser, type SseEvent } from './sseParser.ts';

export type ConnectionOptions = {
  /** Where the server is, as in its `server.json` or its public URL. */
  readonly url: string;
  /** API key, or the token of `server.json`; without one only a session can be used. */
  readonly apiKey?: string | undefined;
  readonly fetch?: typeof globalThis.fetch;
  readonly userAgent?: string;
  /** Sent with every request, such as `X-Orchestrator-Client: front`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Longest that a call without a stream may take, milliseconds. */
  readonly timeoutMs?: number;
  /** A stream without a byte for so long, milliseconds, is dead: the server sends one every 15 s. */
  readonly silenceMs?: number;
  /** The pause before a broken stream is opened again, milliseconds; it grows from failure to failure. */
  readonly firstPauseMs?: number;
};

export type Call = {
  readonly body?: unknown;
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** A stream stands: the server has sent something. */
  readonly onOpen?: () => void;
};

type Method = 'GET' | 'POST' | 'DELETE';

const TIMEOUT_MS = 120_000;
const SILENCE_MS = 40_000;
const FIRST_PAUSE_MS = 200;
const EVENT_STREAM = 'text/event-stream';

const PROBLEMS = 'application/problem+json;q=0.9';

const causeText = (error: unknown): string => {
  if (!(error instanceof Error)) return 'the connection failed';
  if (error.name === 'TimeoutError') return 'no answer came in time';
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  if ('code' in cause && typeof cause.code === 'string') return cause.code;
  return cause.message === '' ? error.message : cause.message;
};

/**
 * Calls of one server with one credential, kept alive between calls. After a login the session's cookie is the
 * credential, until `forgetSession`.
 */
export class Connection {
  readonly url: string;
  readonly firstPauseMs: number;
  readonly #options: ConnectionOptions;
  readonly #fetch: typeof globalThis.fetch;
  #cookie: string | undefined;

  constructor(options: ConnectionOptions) {
    this.url = options.url.replace(/\/+$/, '');
    this.firstPauseMs = options.firstPauseMs ?? FIRST_PAUSE_MS;
    this.#options = options;
    this.#fetch = options.fetch ?? globalThis.fetch;
  }

  forgetSession(): void {
    this.#cookie = undefined;
  }

  /**
   * Calls and reads an answer of the given shape.
   * @throws OrchestratorError the server's own, or one of this file's; the signal's reason where it aborted.
   */
  async json<S extends z.ZodType>(
    method: Method,
    path: string,
    schema: S,
    call: Call = {},
  ): Promise<z.output<S>> {
    const text = await this.text(method, path, { ...call, accept: `application/json, ${PROBLEMS}` });
    return this.parse(schema, text, path);
  }

  /** Calls and reads an answer as text. @throws like `json` */
  async text(method: Method, path: string, call: Call = {}): Promise<string> {
    const deadline = AbortSignal.timeout(this.#options.timeoutMs ?? TIMEOUT_MS);
    const signal = call.signal === undefined ? deadline : AbortSignal.any([call.signal, deadline]);
    try {
      const response = await this.#send(method, path, { ...call, signal });
      return await response.text();
    } catch (error) {
      throw this.#failure(error, call.signal);
    }
  }

  /**
   * The events of a stream, until the server ends it; leaving the loop closes the socket.
   * @throws like `json`
   */
  async *events(path: string, call: Call = {}): AsyncGenerator<SseEvent, void> {
    const closed = new AbortController();
    const silence = new AbortController();
    const expire = (): void => silence.abort(new DOMException('silence', 'TimeoutError'));
    const silenceMs = this.#options.silenceMs ?? SILENCE_MS;
    let watch = setTimeout(expire, silenceMs);
    const ends = [closed.signal, silence.signal, ...(call.signal === undefined ? [] : [call.signal])];
    try {
      const response = await this.#send('GET', path, {
        ...call,
        accept: `${EVENT_STREAM}, ${PROBLEMS}`,
        signal: AbortSignal.any(ends),
      });
      if (response.body === null || !response.headers.get('content-type')?.startsWith(EVENT_STREAM))
        throw this.#strange(path, 'no event stream');
      let whole: SseEvent[] = [];
      const parser = createSseParser((event) => whole.push(event));
      const decoder = new TextDecoder();
      for await (const bytes of response.body) {
        clearTimeout(watch);
        call.onOpen?.();
        parser.feed(decoder.decode(bytes, { stream: true }));
        const now = whole;
        whole = [];
        // What the reader does with an event is no silence of the server.
        for (const event of now) yield event;
        watch = setTimeout(expire, silenceMs);
      }
    } catch (error) {
      throw this.#failure(error, call.signal);
    } finally {
      clearTimeout(watch);
      closed.abort();
    }
  }

  /** `text` as the JSON of a shape. @throws ServerAnswerError where it is not. */
  parse<S extends z.ZodType>(schema: S, text: string, path: string): z.output<S> {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      throw this.#strange(path, 'no JSON', error);
    }
    const parsed = schema.safeParse(value);
    if (!parsed.success) throw this.#strange(path, 'not the promised shape', parsed.error);
    return parsed.data;
  }

  async #send(method: Method, path: string, call: Call): Promise<Response> {
    const response = await this.#fetch(`${this.url}${path}`, {
      method,
      headers: this.#headers(method, call),
      // A credential goes to the address that was given and to no other.
      redirect: 'manual',
      ...(call.signal === undefined ? {} : { signal: call.signal }),
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    });
    if (!response.ok) throw await this.#refusal(response, path);
    const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';', 1).join(''));
    if (cookies.length > 0) this.#cookie = cookies.join('; ');
    return response;
  }

  #headers(method: Method, call: Call): Headers {
    const { apiKey, userAgent } = this.#options;
    const headers = new Headers({
      accept: call.accept ?? '*/*',
      'user-agent': userAgent ?? 'claude-orchestrator-client',
      ...this.#options.headers,
      ...call.headers,
    });
    if (call.body !== undefined) headers.set('content-type', 'application/json');
    if (this.#cookie !== undefined) {
      headers.set('cookie', this.#cookie);
      // What changes something by a cookie must come from the server's own origin.
      if (method !== 'GET') headers.set('origin', new URL(this.url).origin);
    } else if (apiKey !== undefined) headers.set('authorization', `Bearer ${apiKey}`);
    return headers;
  }

  async #refusal(response: Response, path: string): Promise<Error> {
    const problem = this.#problem(await response.text());
    if (problem !== undefined) return errorOfProblem(problem);
    // A proxy between us, or something that is no orchestrator.
    return response.status > 500
      ? new ServerUnreachableError(this.url, `something in between answered ${response.status}`)
      : this.#strange(path, `${response.status} without a reason`);
  }

  #problem(text: string): Problem | undefined {
    try {
      const parsed = problemSchema.safeParse(JSON.parse(text));
      return parsed.success ? parsed.data : undefined;
    } catch {
      return undefined;
    }
  }

  #failure(error: unknown, signal: AbortSignal | undefined): unknown {
    if (signal?.aborted) return signal.reason;
    return error instanceof OrchestratorError
      ? error
      : new ServerUnreachableError(this.url, causeText(error), error);
  }

  #strange(path: string, what: string, cause?: unknown): ServerAnswerError {
    return new ServerAnswerError(`${this.url}${path.split('?', 1).join('')} answered with ${what}.`, {
      hint: `Check that ${this.url} is a Claude Orchestrator, and of the same version as this client.`,
      cause,
    });
  }
}
