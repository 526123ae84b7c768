import { type EventError, errorOf, number, text } from './fields.ts';
import type { WireEvent } from './wire.ts';

/** An attempt that ended badly. */
export type TaskFailure = EventError & {
  readonly at: string;
  readonly attempt: number;
  readonly final: boolean;
};

export const failuresOf = (events: readonly WireEvent[], taskId: string): readonly TaskFailure[] =>
  events.flatMap((event) => {
    if (event.type !== 'task.retrying' && event.type !== 'task.failed') return [];
    const error = text(event, 'task_id') === taskId ? errorOf(event) : undefined;
    if (error === undefined) return [];
    return [
      { ...error, at: event.at, attempt: number(event, 'attempt'), final: event.type === 'task.failed' },
    ];
  });

/** How a command stood before any work. */
export type Baseline = { readonly command: string; readonly green: boolean; readonly seconds: number };

export const baselinesOf = (events: readonly WireEvent[], command: string | undefined): readonly Baseline[] =>
  events.flatMap((event) =>
    event.type === 'baseline.finished' && text(event, 'command') === command
      ? [{ command: text(event, 'command'), green: event.green === true, seconds: number(event, 'seconds') }]
      : [],
  );

/** What its verification said each time that it was red and the worker went on. */
export const repairsOf = (
  events: readonly WireEvent[],
  taskId: string,
): readonly { readonly at: string; readonly round: number; readonly note: string }[] =>
  events.flatMap((event) =>
    event.type === 'task.repairing' && text(event, 'task_id') === taskId
      ? [{ at: event.at, round: number(event, 'round'), note: text(event, 'note') }]
      : [],
  );

/** What people said to its worker, oldest first. */
export const messagesOf = (
  events: readonly WireEvent[],
  taskId: string,
): readonly { readonly at: string; readonly message: string }[] =>
  events.flatMap((event) =>
    event.type === 'task.message' && text(event, 'task_id') === taskId
      ? [{ at: event.at, message: text(event, 'message') }]
      : [],
  );
