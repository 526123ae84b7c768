import type { Problem } from '../../../wire/problem.ts';

export type { Problem } from '../../../wire/problem.ts';

/** The only error, besides an abort, that the calls of this file end with. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.detail, options);
    this.name = 'ProblemError';
    this.problem = problem;
  }

  get status(): number {
    return this.problem.status;
  }

  get code(): string {
    return this.problem.code;
  }

  get hint(): string {
    return this.problem.hint;
  }
}

export type CallOptions = {
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
};

const GIVE_UP_MS = 60_000;

const signedOut = new Set<() => void>();

/** Calls `listener` whenever the server answers that the credential is not good (401). @returns how to stop that. */
export const onSignedOut = (listener: () => void): (() => void) => {
  signedOut.add(listener);
  return () => signedOut.delete(listener);
};

/** Text from our own server as what its wire schema promises. @throws SyntaxError where it is no JSON. */
export const jsonOf = <T>(text: string): T => {
  const value: T = JSON.parse(text);
  return value;
};

const unreachable = (cause: unknown): ProblemError =>
  new ProblemError(
    {
      type: 'about:blank',
      title: 'No answer',
      // No answer at all.
      status: 0,
      detail: 'The server did not answer.',
      code: 'UNREACHABLE',
      hint: 'Look whether it still runs; `claude-orchestrator dashboard` starts it and opens this page.',
      retryable: true,
    },
    { cause },
  );

/** An answer that is no success, as an error; also where a proxy in between answered with something else. */
export const problemOf = async (response: Response): Promise<ProblemError> => {
  const text = await response.text().catch(() => '');
  let given: Partial<Problem> = {};
  if (response.headers.get('content-type')?.includes('json')) {
    try {
      given = jsonOf<Partial<Problem> | null>(text) ?? {};
    } catch {
      given = {};
    }
  }
  const retryAfter = Number(response.headers.get('retry-after'));
  if (response.status === 401) for (const listener of signedOut) listener();
  return new ProblemError({
    type: 'about:blank',
    title: response.statusText || 'Error',
    detail: `The server answered ${response.status}.`,
    code: `HTTP_${response.status}`,
    hint: response.status >= 500 ? 'Try again in a moment.' : 'Reload the page.',
    retryable: response.status >= 500,
    ...(retryAfter > 0 ? { retry_after_ms: retryAfter * 1000 } : {}),
    ...given,
    status: response.status,
  });
};

const call = async (
  method: string,
  path: string,
  body: unknown,
  { signal, headers }: CallOptions,
): Promise<Response> => {
  let response: Response;
  const deadline = AbortSignal.timeout(GIVE_UP_MS);
  try {
    response = await fetch(path, {
      method,
      headers: {
        accept: 'application/json, application/problem+json;q=0.9, */*;q=0.1',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw unreachable(error);
  }
  if (!response.ok) throw await problemOf(response);
  return response;
};

/** Reads the answer of a call; a connection that breaks in its middle is `UNREACHABLE` like any other. */
const textOf = async (response: Response, signal: AbortSignal | undefined): Promise<string> => {
  try {
    return await response.text();
  } catch (error) {
    if (signal?.aborted) throw error;
    throw unreachable(error);
  }
};

const jsonAnswer = async <T>(response: Response, signal: AbortSignal | undefined): Promise<T> => {
  const text = await textOf(response, signal);
  try {
    return jsonOf<T>(text);
  } catch (error) {
    throw unreachable(error);
  }
};

/** @throws ProblemError; the signal's reason where it was aborted. */
export const getJson = async <T>(path: string, signal?: AbortSignal): Promise<T> =>
  jsonAnswer<T>(await call('GET', path, undefined, { signal }), signal);

/** @throws ProblemError; the signal's reason where it was aborted. */
export const getText = async (path: string, options: CallOptions = {}): Promise<string> =>
  textOf(await call('GET', path, undefined, options), options.signal);

/** @throws ProblemError; the signal's reason where it was aborted. */
export const postJson = async <T>(path: string, body: unknown, options: CallOptions = {}): Promise<T> =>
  jsonAnswer<T>(await call('POST', path, body ?? {}, options), options.signal);

/** A POST whose answer is empty (204). @throws ProblemError */
export const post = async (path: string, body: unknown, options: CallOptions = {}): Promise<void> => {
  await call('POST', path, body ?? {}, options);
};

/** @throws ProblemError */
export const deleteAt = async (path: string, body?: unknown, options: CallOptions = {}): Promise<void> => {
  await call('DELETE', path, body, options);
};
