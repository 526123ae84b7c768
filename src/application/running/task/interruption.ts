import { UserDeniedError } from '../../../domain/errors/index.ts';
import type { TaskId } from '../../../domain/ids.ts';
import type { ErrorRecord } from '../../../domain/task.ts';

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

/** Why a signal was aborted, where it was by one of these. */
export const interruptionIn = (signal: AbortSignal): Interruption | undefined =>
  signal.aborted && signal.reason instanceof Interrupted ? signal.reason.interruption : undefined;

/** What a task carries that a person cancelled or skipped. */
export const stoppedByPerson = (reason: string): ErrorRecord =>
  new UserDeniedError(reason, {
    hint: 'It stays so; submit the work again if it is wanted after all.',
  }).toRecord();
