import type { TaskId } from '../../domain/ids.ts';

/** Why a running task was stopped from outside: the reason of its abort signal. */
export type Interruption =
  | { readonly kind: 'cancel'; readonly reason: string }
  | { readonly kind: 'skip'; readonly reason: string }
  /** The scheduler orders it behind a live task that it collides with. */
  | { readonly kind: 'hold'; readonly behind: TaskId; readonly reason: string }
  /** The server stops: state is kept, the task runs anew at the next start. */
  | { readonly kind: 'shutdown' };

export class Interrupted extends Error {
  readonly interruption: Interruption;

  constructor(interruption: Interruption) {
    super(`interrupted: ${interruption.kind}`);
    this.interruption = interruption;
  }
}
