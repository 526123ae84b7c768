import { IllegalTransitionError } from './errors/index.ts';
import type { JobStatus } from './job.ts';
import type { TaskStatus } from './task.ts';

/** What can befall a task, as far as its status goes. */
export type TaskMove =
  | 'release' // its predecessors are done
  | 'start' // the first stream event of a live process
  | 'finish_work' // the worker's own result arrived
  | 'repair' // the verification was red, the same session goes on
  | 'accept' // commit and verification stand
  | 'fail'
  | 'retry' // an attempt ended badly, another one follows
  | 'hold' // the scheduler ordered it behind a task it collides with
  | 'skip'
  | 'cancel'
  | 'park' // its process is gone until a person has decided
  | 'unpark' // decided: its session goes on
  | 'reopen'; // a person asked for a new try

type Table<S extends string, M extends string> = Readonly<Record<S, Readonly<Partial<Record<M, S>>>>>;

const TASK_TABLE: Table<TaskStatus, TaskMove> = {
  waiting: { release: 'ready', skip: 'skipped', cancel: 'cancelled' },
  ready: { start: 'running', hold: 'waiting', fail: 'failed', skip: 'skipped', cancel: 'cancelled' },
  running: {
    park: 'parked',
    finish_work: 'verifying',
    fail: 'failed',
    retry: 'ready',
    hold: 'waiting',
    skip: 'skipped',
    cancel: 'cancelled',
  },
  verifying: {
    repair: 'running',
    accept: 'done',
    fail: 'failed',
    retry: 'ready',
    hold: 'waiting',
    skip: 'skipped',
    cancel: 'cancelled',
  },
  parked: { unpark: 'ready', fail: 'failed', skip: 'skipped', cancel: 'cancelled' },
  done: {},
  failed: { reopen: 'waiting', skip: 'skipped' },
  skipped: { reopen: 'waiting' },
  cancelled: {},
};

/** What can befall a job, as far as its status goes. */
export type JobMove = 'plan' | 'integrate' | 'succeed' | 'fail' | 'cancel' | 'reopen';

const JOB_TABLE: Table<JobStatus, JobMove> = {
  planning: { plan: 'running', fail: 'failed', cancel: 'cancelled' },
  running: { integrate: 'integrating', fail: 'failed', cancel: 'cancelled' },
  integrating: { succeed: 'succeeded', fail: 'failed', cancel: 'cancelled', reopen: 'running' },
  succeeded: {},
  failed: { reopen: 'running' },
  cancelled: {},
};

const next = <S extends string, M extends string>(kind: string, table: Table<S, M>, from: S, move: M): S => {
  const to = table[from][move];
  if (to === undefined) throw new IllegalTransitionError(kind, from, move);
  return to;
};

/**
 * @returns the status after `move`.
 * @throws IllegalTransitionError where the table has no such arrow.
 */
export const moveTask = (from: TaskStatus, move: TaskMove): TaskStatus =>
  next('task', TASK_TABLE, from, move);

/**
 * @returns the status after `move`.
 * @throws IllegalTransitionError where the table has no such arrow.
 */
export const moveJob = (from: JobStatus, move: JobMove): JobStatus => next('job', JOB_TABLE, from, move);

/** True where `move` is an arrow of the table: for callers that race and must not throw. */
export const canMoveTask = (from: TaskStatus, move: TaskMove): boolean =>
  TASK_TABLE[from][move] !== undefined;
export const canMoveJob = (from: JobStatus, move: JobMove): boolean => JOB_TABLE[from][move] !== undefined;

export const TASK_MOVES: Table<TaskStatus, TaskMove> = TASK_TABLE;
export const JOB_MOVES: Table<JobStatus, JobMove> = JOB_TABLE;
