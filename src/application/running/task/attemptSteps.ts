import type { TaskId } from '../../../domain/ids.ts';
import type { JobJournal } from '../../journal.ts';
import type { Clock } from '../../ports/system.ts';
import type { TurnResult, WorkerEvent } from '../../ports/worker.ts';
import { shorten } from './summary.ts';

/** A live process has begun the attempt. @param resumed it goes on with an earlier one's session. */
export const recordStart = (
  a: { readonly journal: JobJournal; readonly clock: Clock },
  id: TaskId,
  o: { readonly lane: number; readonly resumed: boolean },
  event: WorkerEvent & { kind: 'alive' },
): Promise<void> => {
  const before = a.journal.task(id);
  const attempt = before.attempts + 1;
  return a.journal.record({
    tasks: [
      {
        id,
        move: 'start',
        patch: {
          attempts: attempt,
          startedAt: before.startedAt ?? a.clock.now(),
          lineage: o.resumed ? (before.lineage ?? attempt) : attempt,
        },
      },
    ],
    happenings: [
      {
        type: 'task.started',
        taskId: id,
        attempt,
        lane: o.lane,
        pid: event.pid,
        sessionId: event.sessionId,
      },
      ...(o.resumed
        ? [{ type: 'task.resumed' as const, taskId: id, attempt, sessionId: event.sessionId }]
        : []),
    ],
  });
};

/** The worker says that it is done; what it left is looked at next. */
export const recordWorkFinished = (journal: JobJournal, id: TaskId, result: TurnResult): Promise<void> => {
  const { attempts } = journal.task(id);
  return journal.record({
    tasks: [{ id, move: 'finish_work', patch: { summary: shorten(result.text), resume: undefined } }],
    happenings: [{ type: 'task.verifying', taskId: id, attempt: attempts, costUsd: result.costUsd }],
  });
};

export const recordRepair = (journal: JobJournal, id: TaskId, round: number, note: string): Promise<void> => {
  const { attempts, repairs } = journal.task(id);
  return journal.record({
    tasks: [{ id, move: 'repair', patch: { repairs: repairs + 1 } }],
    happenings: [{ type: 'task.repairing', taskId: id, attempt: attempts, round, note }],
  });
};
