import type { Happening } from '../../domain/events.ts';
import { inertLine } from './inertText.ts';

const WORDS = 120;

const approvalText = ({
  taskId,
  status,
  by,
  channel,
}: Extract<Happening, { type: 'approval.changed' }>): string | undefined => {
  const proof = channel === undefined ? '' : ` (${channel})`;
  const who = by === undefined ? '' : ` by ${inertLine(by, 60)}${proof}`;
  switch (status) {
    case 'approved':
    case 'denied':
      return `approval of ${taskId} ${status}${who}`;
    case 'expired':
    case 'cancelled':
      return `approval of ${taskId} ${status}`;
    default:
      // Asked again and used up are told by what the task does then.
      return undefined;
  }
};

/**
 * A happening in a few words for a person who watches, or undefined where it is not worth a line.
 */
export const happeningText = (happening: Happening): string | undefined => {
  switch (happening.type) {
    case 'job.planned':
      return `planned ${happening.tasks} tasks for ${happening.workers} workers`;
    case 'job.recovered':
      return `taken up again after a restart, ${happening.tasksInFlight} tasks anew`;
    case 'job.status':
      return happening.to === 'integrating' ? 'merging and verifying the whole' : happening.to;
    case 'job.warning':
      return `warning: ${inertLine(happening.message, WORDS)}`;
    case 'job.attention':
      return `a person is wanted: ${inertLine(happening.reason, WORDS)}`;
    case 'job.verified':
      return `verification of the whole ${happening.verification}`;
    case 'job.applied':
      return `result on ${inertLine(happening.branch, WORDS)}`;
    case 'baseline.finished':
      return `base is ${happening.green ? 'green' : 'red'} for ${inertLine(happening.command, 60)}`;
    case 'integration.merged':
      return `merged ${happening.taskId}`;
    case 'conflict.found':
      return `conflict in ${happening.taskId} (${happening.files.length} files), resolving`;
    case 'conflict.resolved':
      return `conflict in ${happening.taskId} resolved`;
    case 'task.started':
      return happening.attempt > 1
        ? `${happening.taskId} started, attempt ${happening.attempt}`
        : `${happening.taskId} started`;
    case 'task.verifying':
      return `verifying ${happening.taskId}`;
    case 'task.repairing':
      return `verify red in ${happening.taskId}, repairing`;
    case 'task.retrying':
      return `${happening.taskId} will be tried again: ${inertLine(happening.error.message, WORDS)}`;
    case 'task.done':
      return `${happening.taskId} done (${happening.verification})`;
    case 'task.failed':
      return `${happening.taskId} failed: ${inertLine(happening.error.message, WORDS)}`;
    case 'task.skipped':
      return `${happening.taskId} skipped: ${inertLine(happening.reason, WORDS)}`;
    case 'task.cancelled':
      return `${happening.taskId} cancelled`;
    case 'task.held':
      return `${happening.taskId} held back behind ${happening.behind}`;
    case 'task.reopened':
      return `${happening.taskId} opened again`;
    case 'tool.judged':
      return happening.allowed
        ? undefined
        : `refused ${inertLine(happening.tool, 40)} in ${happening.taskId}: ${inertLine(happening.reason, WORDS)}`;
    case 'approval.requested':
      return `${happening.taskId} waits for approval: ${inertLine(happening.tool, 40)}, ${inertLine(happening.reason, WORDS)}`;
    case 'approval.changed':
      return approvalText(happening);
    case 'task.parked':
      return `${happening.taskId} parked until that is decided`;
    case 'task.resumed':
      return `${happening.taskId} goes on where it waited`;
    default:
      return undefined;
  }
};
