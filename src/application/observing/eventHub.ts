import type { JobEvent } from '../../domain/events.ts';
import type { EventBus } from '../ports.ts';

/** Hands every event to every listener, in order, in the turn in which it became durable. */
export class EventHub implements EventBus {
  readonly #listeners = new Set<(event: JobEvent) => void>();

  publish(events: readonly JobEvent[]): void {
    for (const event of events) for (const listener of this.#listeners) listener(event);
  }

  subscribe(listener: (event: JobEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
