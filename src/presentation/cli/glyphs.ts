import type { JobStatus } from '../../domain/job.ts';
import type { TaskStatus } from '../../domain/task.ts';
import { isUnverified } from '../../domain/verification.ts';
import type { TaskAnswer } from '../wire/task.ts';
import type { Painter } from './terminal.ts';

type Look = { readonly glyph: string; readonly style: Parameters<Painter>[0] };

/** How a task's state looks. The word stands beside it wherever the shape alone would not be understood. */
const TASK_LOOK: Readonly<Record<TaskStatus, Look>> = {
  waiting: { glyph: '·', style: 'dim' },
  ready: { glyph: '○', style: 'dim' },
  running: { glyph: '●', style: 'cyan' },
  verifying: { glyph: '◐', style: 'cyan' },
  parked: { glyph: '‖', style: 'yellow' },
  done: { glyph: '✓', style: 'green' },
  failed: { glyph: '✗', style: 'red' },
  skipped: { glyph: '–', style: 'yellow' },
  cancelled: { glyph: '⊘', style: 'yellow' },
};

/** Stands beside its glyph: done, with a verification that was asked for and says nothing. */
export const NOT_VERIFIED = 'not verified';
const UNVERIFIED_LOOK: Look = { glyph: '!', style: 'yellow' };

export const isTaskUnverified = (
  task: Pick<TaskAnswer, 'status' | 'verification' | 'verification_note'>,
): boolean => task.status === 'done' && isUnverified(task.verification, task.verification_note);

/** The same for a task as it is: a green tick would claim more than is known of an unverified one. */
export const taskLook = (task: Pick<TaskAnswer, 'status' | 'verification' | 'verification_note'>): Look =>
  isTaskUnverified(task) ? UNVERIFIED_LOOK : TASK_LOOK[task.status];

export const JOB_STYLE: Readonly<Record<JobStatus | 'submitted', Look['style']>> = {
  submitted: 'cyan',
  planning: 'cyan',
  running: 'cyan',
  integrating: 'cyan',
  succeeded: 'green',
  failed: 'red',
  cancelled: 'yellow',
};
