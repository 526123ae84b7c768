import { pausedReason } from '../../../src/application/access/denialPause.ts';
import type { Happening } from '../../../src/domain/events.ts';
import { commitSchema, type TaskId } from '../../../src/domain/ids.ts';
import type { Job, JobStatus } from '../../../src/domain/job.ts';
import type { ErrorRecord, Task } from '../../../src/domain/task.ts';

type Holder = { job: Job; tasks: Task[] };

export type TaskMoves<R extends Holder> = {
  /** Words: start, repair, done, fail, reopen (of the task), attention, denied, finish, failJob (of the job). */
  apply(record: R, taskId: TaskId, word: string): void;
  skip(record: R, taskId: TaskId, reason: string): void;
  cancel(record: R, taskId: TaskId, reason: string): void;
};

const record = (message: string): ErrorRecord => ({
  code: 'TASK_EXECUTION',
  message,
  hint: 'Mend it.',
  retryable: false,
});

const COMMIT = commitSchema.parse('a'.repeat(40));

/** The moves by which tests drive the jobs of the fixture. */
export const createTaskMoves = <R extends Holder>(o: {
  readonly emit: (record: R, happening: Happening) => void;
  readonly setStatus: (record: R, to: JobStatus) => void;
}): TaskMoves<R> => {
  const change = (holder: R, taskId: TaskId, patch: Partial<Task>): void => {
    holder.tasks = holder.tasks.map((task) => (task.spec.id === taskId ? { ...task, ...patch } : task));
  };

  const words: Readonly<Record<string, (holder: R, taskId: TaskId) => void>> = {
    start: (holder, taskId) => {
      change(holder, taskId, { status: 'running', attempts: 1 });
      o.emit(holder, { type: 'task.started', taskId, attempt: 1, lane: 0, pid: 1, sessionId: 's' });
    },
    repair: (holder, taskId) =>
      o.emit(holder, { type: 'task.repairing', taskId, attempt: 1, round: 1, note: 'red' }),
    done: (holder, taskId) => {
      const summary = 'I \u001b[31mdid\u001b[0m it.\u0007 \u202eevil';
      change(holder, taskId, {
        status: 'done',
        verification: 'proved',
        seconds: 1.23,
        costUsd: 0.1,
        summary,
        commit: COMMIT,
      });
      o.emit(holder, {
        type: 'task.done',
        taskId,
        attempt: 1,
        verification: 'proved',
        commit: COMMIT,
        filesChanged: 1,
      });
    },
    fail: (holder, taskId) => {
      const error = record('The verification stayed red.');
      change(holder, taskId, { status: 'failed', verification: 'failed', error });
      o.emit(holder, { type: 'task.failed', taskId, attempt: 1, error });
    },
    reopen: (holder, taskId) => {
      change(holder, taskId, { status: 'waiting', error: undefined });
      o.emit(holder, { type: 'task.reopened', taskId, reason: 'asked' });
    },
    attention: (holder) => {
      holder.job = {
        ...holder.job,
        attention: { reason: 'Two sides of a conflict.', refs: ['refs/a', 'refs/b'] },
      };
      o.emit(holder, {
        type: 'job.attention',
        reason: 'Two sides of a conflict.',
        refs: ['refs/a', 'refs/b'],
      });
    },
    denied: (holder) => {
      const told = { reason: pausedReason(holder.job), refs: [] };
      holder.job = { ...holder.job, attention: { ...told, wants: 'approver' } };
      o.emit(holder, { type: 'job.attention', ...told });
    },
    failJob: (holder) => {
      holder.job = { ...holder.job, error: record('A task failed.') };
      o.setStatus(holder, 'failed');
    },
    finish: (holder) => {
      const branch = `orchestrator/${holder.job.id}`;
      holder.job = { ...holder.job, branch, commit: COMMIT, filesChanged: ['a.txt'], verification: 'passed' };
      o.setStatus(holder, 'succeeded');
    },
  };

  return {
    apply: (holder, taskId, word) => words[word]?.(holder, taskId),
    skip: (holder, taskId, reason) => {
      change(holder, taskId, { status: 'skipped', error: record(reason) });
      o.emit(holder, { type: 'task.skipped', taskId, reason });
    },
    cancel: (holder, taskId, reason) => {
      change(holder, taskId, { status: 'cancelled', error: record(reason) });
      o.emit(holder, { type: 'task.cancelled', taskId, reason });
    },
  };
};
