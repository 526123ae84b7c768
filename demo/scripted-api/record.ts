import type { IncomingHttpHeaders } from 'node:http';
import { withoutReminders } from './markers.ts';
import type { MessagesRequest } from './request.ts';
import type { Turn } from './turn.ts';

/** What is remembered of one request, for tests and benches to look at. */
export type RequestRecord = Partial<MessageRecord> & {
  /** Milliseconds since the epoch when the request was read, and since the server's start. */
  readonly t: number;
  readonly ms: number;
  readonly method: string;
  readonly url: string;
  /** HTTP status, or the fault that took its place. */
  status?: number | string;
  /** Name of the step that was played. */
  step?: string;
  fault?: string;
  /** True where the client left before the end of the answer. */
  aborted?: boolean;
};

export type MessageRecord = {
  readonly n: number;
  readonly model: string;
  readonly stream: boolean;
  readonly msgs: number;
  readonly tools: readonly string[];
  readonly systemChars: number;
  readonly maxTokens: number | undefined;
  /** The first characters of the credential: enough to tell test keys apart. */
  readonly key: string;
  readonly effort: unknown;
  readonly format: string | undefined;
  readonly toolChoice: unknown;
  readonly thinking: string | undefined;
  readonly beta: string;
  readonly ua: string;
  readonly session: string;
  readonly retry: string;
  /** The first 120 characters of the prompt. */
  readonly prompt: string;
  readonly round: number;
};

const headerOf = (headers: IncomingHttpHeaders, name: string): string => {
  const value = headers[name];
  return Array.isArray(value) ? value.join(',') : (value ?? '');
};

/** @returns the credential of a request, by either header. */
export const keyOf = (headers: IncomingHttpHeaders): string =>
  headerOf(headers, 'x-api-key') || headerOf(headers, 'authorization').replace(/^Bearer /, '');

export const describe = (
  n: number,
  request: MessagesRequest,
  turn: Turn,
  headers: IncomingHttpHeaders,
): MessageRecord => ({
  n,
  model: request.model,
  stream: request.stream,
  msgs: request.messages.length,
  tools: request.tools.map((tool) => tool.name),
  systemChars: JSON.stringify(request.system ?? '').length,
  maxTokens: request.max_tokens,
  key: keyOf(headers).slice(0, 14),
  effort: request.output_config?.effort,
  format: request.output_config?.format?.type,
  toolChoice: request.tool_choice,
  thinking: request.thinking?.type,
  beta: headerOf(headers, 'anthropic-beta'),
  ua: headerOf(headers, 'user-agent'),
  session: headerOf(headers, 'x-claude-code-session-id'),
  retry: headerOf(headers, 'x-stainless-retry-count'),
  prompt: withoutReminders(turn.text).slice(0, 120),
  round: turn.round,
});
