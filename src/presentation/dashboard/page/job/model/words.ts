import type { TaskAnswer } from '../../../../wire/task.ts';
import type { Outcome, SegmentKind } from './attempts.ts';

export type TaskStatus = TaskAnswer['status'];
type Verification = TaskAnswer['verification'];

export const STATUS_WORDS: Readonly<Record<TaskStatus, string>> = {
  waiting: 'waits for other tasks',
  ready: 'ready, waits for a worker',
  running: 'running',
  verifying: 'verifying',
  parked: 'waits for a person',
  done: 'done',
  failed: 'failed',
  skipped: 'skipped',
  cancelled: 'cancelled',
};

export const VERIFICATION_WORDS: Readonly<
  Record<Verification, { readonly name: string; readonly meaning: string }>
> = {
  proved: {
    name: 'Proved',
    meaning: 'The check was red before this work and is green after it: the work made the difference.',
  },
  held: {
    name: 'Held',
    meaning: 'The check was green before and is green after: nothing that it covers was broken.',
  },
  passed: {
    name: 'Passed',
    meaning: 'The check is green after the work; how it stood before is not known.',
  },
  failed: { name: 'Failed', meaning: 'The check is red after the work.' },
  none: {
    name: 'Nothing proved',
    meaning: 'There was no check, or it is as red as it was before the work: it says nothing about it.',
  },
};

export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  running: 'still runs',
  done: 'done',
  failed: 'failed',
  retrying: 'ended badly, tried again',
  parked: 'waited for a person, then went on',
  held: 'held back, its files collide with another task',
  skipped: 'skipped',
  cancelled: 'cancelled',
  interrupted: 'interrupted',
};

export const SEGMENT_WORDS: Readonly<Record<SegmentKind, string>> = {
  working: 'working',
  verifying: 'verifying',
  repairing: 'repairing',
  asking: 'waiting for a person',
};
