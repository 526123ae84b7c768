import { OrchestratorError } from '../../domain/errors/index.ts';
import { isSecretName, REDACTED, redactText } from './secrets.ts';

/** Longest text in a log entry, characters: a crash inside a minified library brings lines of 30,000. */
export const MAX_TEXT = 2_000;
const MAX_DEPTH = 6;
const MAX_ITEMS = 50;
/** Characters of one whole entry, roughly. */
const MAX_ENTRY = 16_000;
/** Text beyond this is not even searched for secrets, since it is cut anyway. */
const WINDOW = 64_000;
/** Cut off the end of a searched window: a secret may begin there and end outside. */
const MARGIN = 1_000;

const cutMark = (left: number): string => `… (${left} more characters)`;

/** @returns `text` without secrets and cut to `max` characters. */
export const plainText = (text: string, known: readonly string[], max = MAX_TEXT): string => {
  const clean =
    text.length > WINDOW
      ? redactText(text.slice(0, WINDOW), known).slice(0, -MARGIN)
      : redactText(text, known);
  const beyond = Math.max(0, text.length - WINDOW);
  return clean.length + beyond > max
    ? clean.slice(0, max) + cutMark(Math.max(0, clean.length - max) + beyond)
    : clean;
};

/** Frames of a stack only: its head repeats the message, and for a library fault quotes the source line. */
const frames = (stack: string | undefined): readonly string[] =>
  (stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8)
    .map((line) => line.trim());

/** Turns anything into data that JSON can write, without secrets and bounded. Never throws. */
export class Plainer {
  readonly #known: readonly string[];
  readonly #stacks: boolean;
  #left = MAX_ENTRY;
  readonly #above = new Set<object>();

  /** @param options.stacks where errors that are not ours bring their frames. One instance for each entry. */
  constructor(options: { readonly known: readonly string[]; readonly stacks: boolean }) {
    this.#known = options.known;
    this.#stacks = options.stacks;
  }

  text(value: string): string {
    const plain = plainText(value, this.#known, Math.max(0, Math.min(MAX_TEXT, this.#left)));
    this.#left -= plain.length;
    return plain;
  }

  value(value: unknown, depth = 0): unknown {
    if (typeof value === 'string') return this.text(value);
    if (typeof value === 'bigint') return value.toString();
    if (typeof value === 'symbol' || typeof value === 'function') return `[${typeof value}]`;
    if (typeof value !== 'object' || value === null) return value;
    if (this.#above.has(value)) return '[circular]';
    if (depth >= MAX_DEPTH || this.#left <= 0) return '[cut]';
    this.#above.add(value);
    try {
      return this.#object(value, depth + 1);
    } catch {
      return '[unreadable]';
    } finally {
      this.#above.delete(value);
    }
  }

  #object(value: object, depth: number): unknown {
    if (value instanceof Error) return this.#error(value, depth);
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
    if (value instanceof URL) return this.text(value.href);
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    if (Array.isArray(value) || value instanceof Set) return this.#list([...value], depth);
    return this.#fields(
      value instanceof Map ? [...value].map(([k, v]) => [String(k), v]) : Object.entries(value),
      depth,
    );
  }

  #list(items: readonly unknown[], depth: number): unknown {
    const shown = items.slice(0, MAX_ITEMS).map((item) => this.value(item, depth));
    return items.length > MAX_ITEMS ? [...shown, `… (${items.length - MAX_ITEMS} more)`] : shown;
  }

  #fields(entries: readonly (readonly [string, unknown])[], depth: number): unknown {
    const shown: Record<string, unknown> = Object.create(null);
    for (const [name, item] of entries.slice(0, MAX_ITEMS)) {
      this.#left -= name.length;
      // That there are credentials, or none, is worth knowing and no secret.
      const telling = typeof item === 'boolean' || item === undefined || item === null;
      shown[this.text(name)] = isSecretName(name) && !telling ? REDACTED : this.value(item, depth);
    }
    if (entries.length > MAX_ITEMS) shown['…'] = `${entries.length - MAX_ITEMS} more`;
    return shown;
  }

  #error(error: Error, depth: number): unknown {
    const ours = error instanceof OrchestratorError;
    const code =
      'code' in error && (typeof error.code === 'string' || typeof error.code === 'number')
        ? error.code
        : undefined;
    return {
      name: this.text(error.name),
      message: this.text(error.message),
      ...(code === undefined ? {} : { code: typeof code === 'string' ? this.text(code) : code }),
      ...(ours ? { hint: this.text(error.hint), retryable: error.retryable } : {}),
      ...(ours && Object.keys(error.context).length > 0 ? { context: this.value(error.context, depth) } : {}),
      ...(error.cause === undefined ? {} : { cause: this.value(error.cause, depth) }),
      ...(this.#stacks && !ours ? { stack: frames(error.stack).map((frame) => this.text(frame)) } : {}),
    };
  }
}
