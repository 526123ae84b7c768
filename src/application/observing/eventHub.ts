import type { JobEvent } from '../../domain/events.ts';
import type { EventBus } from '../ports/eventBus.ts';

/** Where nobody listens for faults, one is as loud as any uncaught error. */
const raise = (error: unknown): void =>
  queueMicrotask(() => {
    throw error;
  });

/** Hands every event to every listener, in order, in the turn in which it became durable. */
export class EventHub implements EventBus {
  readonly #listeners = new Set<(event: JobEvent) => void>();
  readonly #onFault: (error: unknown) => void;

  /** @param onFault hears of a listener that threw: what it missed must not undo what has happened. */
  constructor(onFault: (error: unknown) => void = raise) {
    this.#onFault = onFault;
  }

  publish(events: readonly JobEvent[]): void {
    for (const event of events) for (const listener of this.#listeners) this.#tell(listener, event);
  }

  #tell(listener: (event: JobEvent) => void, event: JobEvent): void {
    try {
      listener(event);
    } catch (error) {
      this.#onFault(error);
    }
  }

  subscribe(listener: (event: JobEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
