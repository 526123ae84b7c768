import { InsufficientResourcesError } from '../../domain/errors/index.ts';
import type { PrincipalId } from '../../domain/principal.ts';

export type OpenStream = {
  readonly principal: PrincipalId | undefined;
  /** False once the credential that opened it is not good any more; undefined where there was none. */
  readonly stillGood?: (() => Promise<boolean>) | undefined;
  /** Ends the stream in good order. */
  readonly end: () => void;
};

/** Ends a stream whose credential is not good any more, or cannot be asked about. */
export const endIfSpent = async ({ stillGood, end }: OpenStream): Promise<void> => {
  if (stillGood === undefined) return;
  if (!(await stillGood().catch(() => false))) end();
};

/** Streams that may be open at once; each holds at most its buffer of memory. */
const MOST_STREAMS = 1000;

/** What is no stream, is counted nowhere, and yet ends with them: the sessions of MCP clients. */
export type StreamCompanion = {
  readonly endAll: () => void;
  readonly endOf: (principal: PrincipalId) => void;
};

/** The event streams that are open now: what an idle server counts, and what a stop or a revoked key ends. */
export class OpenStreams {
  readonly #streams = new Set<OpenStream>();
  readonly #companions: StreamCompanion[] = [];
  readonly #most: number;

  constructor(most = MOST_STREAMS) {
    this.#most = most;
  }

  /**
   * @returns what takes the stream out again.
   * @throws InsufficientResourcesError (503) when as many are open as there may be.
   */
  enter(stream: OpenStream): () => void {
    if (this.#streams.size >= this.#most) {
      throw new InsufficientResourcesError('Too many event streams are open.', {
        hint: 'Close streams that nobody reads, or ask again in a few seconds.',
        retryable: true,
        retryAfterMs: 5000,
      });
    }
    this.#streams.add(stream);
    return () => {
      this.#streams.delete(stream);
    };
  }

  accompany(companion: StreamCompanion): void {
    this.#companions.push(companion);
  }

  count(): number {
    return this.#streams.size;
  }

  /** Ends all streams: the server stops. */
  endAll(): void {
    for (const { end } of [...this.#streams]) end();
    for (const companion of this.#companions) companion.endAll();
  }

  /**
   * Ends those streams of a principal whose own credential is not good any more: others that it has go on. What
   * cannot be asked counts as not good; its client comes back if it may.
   */
  async endSpent(principal: PrincipalId): Promise<void> {
    const streams = [...this.#streams].filter((stream) => stream.principal === principal);
    await Promise.all(streams.map(endIfSpent));
  }

  /** Ends the streams of a principal whose credential was taken back. */
  endOf(principal: PrincipalId): void {
    for (const stream of [...this.#streams]) if (stream.principal === principal) stream.end();
    for (const companion of this.#companions) companion.endOf(principal);
  }
}
