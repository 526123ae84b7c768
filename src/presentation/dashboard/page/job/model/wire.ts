import type { EventAnswer } from '../../../../wire/event.ts';
import type { DetailedTaskAnswer } from '../../../../wire/task.ts';
import type { WholeJobAnswer } from '../../../../wire/wholeJob.ts';

/** A task with everything that `?view=whole` says of it. Times are ISO. */
export type WholeTask = DetailedTaskAnswer;
export type WholeJob = WholeJobAnswer;

/** A happening as the stream hands it over; what else it carries depends on its type. */
export type WireEvent = Readonly<Pick<EventAnswer, 'seq' | 'at' | 'type'>> & {
  readonly [field: string]: unknown;
};
