import type { AuditEntry } from '../../domain/audit.ts';
import type { Happening } from '../../domain/events.ts';
import type { JobId } from '../../domain/ids.ts';
import type { Job } from '../../domain/job.ts';
import type { TaskStatus } from '../../domain/task.ts';
import type { Change } from '../ports/store.ts';

/** What goes into the audit log by itself, in the transaction of what it tells of: no caller can forget it. */

type Told = Omit<AuditEntry, 'at'>;

export const submittedEntry = ({ id, owner, spec }: Job, at: number): AuditEntry => ({
  at,
  type: 'job.submitted',
  actor: owner,
  jobId: id,
  detail: { workspace: spec.workspace },
});

/** A worker is at work on these. */
const AT_WORK: ReadonlySet<TaskStatus> = new Set(['running', 'verifying']);

const ofHappening = (jobId: JobId, happening: Happening): readonly Told[] => {
  switch (happening.type) {
    case 'tool.judged': {
      if (happening.allowed) return [];
      const { taskId, attempt, tool, risk, reason } = happening;
      return [
        { type: 'call.refused', actor: 'server', jobId, taskId, detail: { attempt, tool, risk, reason } },
      ];
    }
    case 'leftover.ended': {
      const { taskId, pids } = happening;
      const detail = { why: 'left running', pids: [...pids] };
      return [{ type: 'worker.killed', actor: 'server', jobId, taskId, detail }];
    }
    case 'task.retrying':
    case 'task.failed': {
      const { taskId, attempt, error } = happening;
      if (error.code !== 'WORKER_TIMEOUT') return [];
      return [{ type: 'worker.killed', actor: 'server', jobId, taskId, detail: { why: 'timeout', attempt } }];
    }
    default:
      return [];
  }
};

const ofChange = (jobId: JobId, change: Change): readonly Told[] => {
  if (change.kind !== 'task' || change.to.status !== 'cancelled' || !AT_WORK.has(change.from.status))
    return [];
  const { spec, attempts } = change.to;
  const detail = { why: 'cancelled', attempt: attempts };
  return [{ type: 'worker.killed', actor: 'server', jobId, taskId: spec.id, detail }];
};

/** The entries that a step of a job brings along: refused calls and ended workers. */
export const auditOfStep = (
  jobId: JobId,
  changes: readonly Change[],
  happenings: readonly Happening[],
): readonly Told[] => [
  ...changes.flatMap((change) => ofChange(jobId, change)),
  ...happenings.flatMap((happening) => ofHappening(jobId, happening)),
];
