import { STATUS_CODES } from 'node:http';

export type RefusedStatus = 400 | 403 | 404 | 405 | 406 | 413 | 415 | 421;

/**
 * What a request got wrong as HTTP, before any use case saw it. Other answers are OrchestratorErrors with a row in
 * `ERROR_CODES`.
 */
export class HttpRefusal extends Error {
  readonly status: RefusedStatus;
  readonly hint: string;
  /** Headers that belong to the answer, such as `Allow`. */
  readonly headers: Readonly<Record<string, string>>;

  /** @param hint what to do next, one sentence. */
  constructor(status: RefusedStatus, message: string, hint: string, headers: Record<string, string> = {}) {
    super(message);
    this.name = 'HttpRefusal';
    this.status = status;
    this.hint = hint;
    this.headers = headers;
  }
}

/** @returns the standard words of a status, such as `Not Found`. */
export const statusTitle = (status: number): string => STATUS_CODES[status] ?? 'Error';

/** @returns the code of an answer that has none in `ERROR_CODES`: `HTTP_NOT_FOUND`. */
export const statusCode = (status: number): string =>
  `HTTP_${statusTitle(status)
    .toUpperCase()
    .replaceAll(/[^A-Z]+/g, '_')}`;
