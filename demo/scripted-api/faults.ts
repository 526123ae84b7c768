import type { Marker } from './markers.ts';
import type { Turn } from './turn.ts';

/** An HTTP error as the Messages API sends it. */
export type ApiFault = {
  readonly status: number;
  readonly message: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
};

export type StreamFault = 'overloaded' | 'cut' | 'badjson' | 'hang' | 'stall';
const STREAM_FAULTS: readonly StreamFault[] = ['overloaded', 'cut', 'badjson', 'hang', 'stall'];

const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  500: 'api_error',
  529: 'overloaded_error',
};

/** The body of an error answer. */
export const errorBody = (status: number, message: string | undefined, requestId: string) => {
  const type = ERROR_TYPES[status] ?? 'api_error';
  return { type: 'error', error: { type, message: message ?? `${type} (scripted)` }, request_id: requestId };
};

/** Two keys that the real API refuses have their scripted twins. */
export const keyFault = (key: string): ApiFault | undefined => {
  if (key === 'sk-ant-bad') return { status: 401, message: 'invalid x-api-key', headers: {} };
  if (key !== 'sk-ant-poor') return undefined;
  const message =
    'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.';
  return { status: 400, message, headers: {} };
};

/** `529 x2 retry-after=1 words of the message` → its parts. Any `anthropic-*=` word becomes a header. */
export const parseStatus = (argument: string): ApiFault => {
  const words = argument.split(/\s+/).filter((word) => word !== '');
  const headers: Record<string, string> = {};
  const message: string[] = [];
  for (const word of words.slice(1)) {
    const header = /^(retry-after|anthropic-[a-z0-9-]+)=(\S+)$/.exec(word);
    if (header?.[1] !== undefined && header[2] !== undefined) headers[header[1]] = header[2];
    else if (!/^x\d+$/.test(word)) message.push(word);
  }
  const status = Number.parseInt(words[0] ?? '', 10);
  return {
    status: status >= 400 && status <= 599 ? status : 500,
    message: message.length === 0 ? undefined : message.join(' '),
    headers,
  };
};

/** Remembers how often each fault was met, for those that say "only the first N times". */
export class FaultCounter {
  readonly #met = new Map<string, number>();

  /** @returns the marker of this name that still holds for this turn; asking counts. */
  take(name: string, turn: Turn): Marker | undefined {
    return turn.markers
      .filter((marker) => marker.name === name)
      .find((marker) => {
        const key = `${marker.raw}\0${turn.key}`;
        const met = (this.#met.get(key) ?? 0) + 1;
        this.#met.set(key, met);
        const limit = /(?:^|\s)x(\d+)/.exec(marker.argument)?.[1];
        return limit === undefined || met <= Number(limit);
      });
  }

  /** @returns the fault of a streamed answer, and for how many milliseconds a stalled one is silent. */
  takeStream(turn: Turn): { readonly fault: StreamFault; readonly ms: number } | undefined {
    const held = STREAM_FAULTS.map((fault) => ({ fault, marker: this.take(fault, turn) }));
    const first = held.find(({ marker }) => marker !== undefined);
    return first === undefined
      ? undefined
      : { fault: first.fault, ms: Number.parseFloat(first.marker?.argument ?? '') || 0 };
  }

  reset(): void {
    this.#met.clear();
  }
}
