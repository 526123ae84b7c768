import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConflictError } from '../../src/domain/errors/index.ts';
import { TERMINAL_JOB } from '../../src/domain/job.ts';
import { TERMINAL_TASK } from '../../src/domain/task.ts';
import {
  canMoveTask,
  JOB_MOVES,
  type JobMove,
  moveJob,
  moveTask,
  TASK_MOVES,
  type TaskMove,
} from '../../src/domain/transitions.ts';

const taskMoves = fc.constantFrom<TaskMove>(
  'release',
  'start',
  'finish_work',
  'repair',
  'accept',
  'fail',
  'retry',
  'hold',
  'skip',
  'cancel',
  'reopen',
);
const jobMoves = fc.constantFrom<JobMove>('plan', 'integrate', 'succeed', 'fail', 'cancel', 'reopen');

/** Plays moves, leaving out those that the table does not have; gives the statuses passed through. */
const play = <S extends string, M>(start: S, moves: readonly M[], move: (from: S, by: M) => S): S[] => {
  const path = [start];
  for (const by of moves) {
    try {
      path.push(move(path.at(-1) ?? start, by));
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
    }
  }
  return path;
};

describe('whatever befalls a task', () => {
  it('it is never done without having run and been verified', () => {
    fc.assert(
      fc.property(fc.array(taskMoves, { maxLength: 60 }), (moves) => {
        const path = play('waiting', moves, moveTask);
        const at = path.indexOf('done');
        if (at === -1) return;
        expect(path[at - 1]).toBe('verifying');
        expect(path.slice(0, at)).toContain('running');
      }),
    );
  });

  it('done and cancelled are left by nothing, failed and skipped only by a new try or a skip', () => {
    for (const status of TERMINAL_TASK) {
      const ways = Object.keys(TASK_MOVES[status]);
      expect(
        ways.filter((way) => way !== 'reopen' && way !== 'skip'),
        status,
      ).toEqual([]);
    }
    expect(TASK_MOVES.done).toEqual({});
    expect(TASK_MOVES.cancelled).toEqual({});
  });

  it('an arrow that the table lacks is a typed error that names state and move', () => {
    expect(() => moveTask('done', 'start')).toThrow(/task that is done cannot start/);
    expect(canMoveTask('done', 'start')).toBe(false);
  });
});

describe('whatever befalls a job', () => {
  it('it succeeds only out of integrating', () => {
    fc.assert(
      fc.property(fc.array(jobMoves, { maxLength: 40 }), (moves) => {
        const path = play('planning', moves, moveJob);
        for (const [at, status] of path.entries()) {
          if (status === 'succeeded') expect(path[at - 1]).toBe('integrating');
        }
      }),
    );
  });

  it('a terminal job is left only by a retry of a failed one', () => {
    for (const status of TERMINAL_JOB)
      expect(Object.keys(JOB_MOVES[status]).filter((way) => way !== 'reopen')).toEqual([]);
    expect(JOB_MOVES.succeeded).toEqual({});
    expect(JOB_MOVES.cancelled).toEqual({});
  });
});
