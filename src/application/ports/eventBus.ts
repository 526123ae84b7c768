import type { JobEvent } from '../../domain/events.ts';

/** In-process readers of the events; a listener must not throw and must not block. */
export interface EventBus {
  publish(events: readonly JobEvent[]): void;
  /** @returns a function that ends the subscription. */
  subscribe(listener: (event: JobEvent) => void): () => void;
}
