import { useScene } from '../jobContext.ts';
import { duration } from '../model/format.ts';
import { STATUS_WORDS, type TaskStatus } from '../model/words.ts';
import { StatusIcon } from '../ui/StatusIcon.tsx';

const SHOWN: readonly TaskStatus[] = [
  'waiting',
  'ready',
  'running',
  'verifying',
  'parked',
  'done',
  'failed',
  'skipped',
  'cancelled',
];

/** What the drawing's signs mean, of those that it shows. */
export const GraphLegend = () => {
  const { store, critical } = useScene();
  const tasks = store.job.value?.tasks ?? [];
  const here = new Set(tasks.map((task) => task.status));
  const { path, length } = critical.value;
  return (
    <ul class="job-legend" aria-label="Legend">
      {SHOWN.filter((status) => here.has(status)).map((status) => (
        <li key={status}>
          <StatusIcon status={status} /> {STATUS_WORDS[status]}
        </li>
      ))}
      {path.length > 1 && (
        <li>
          <svg width="22" height="8" aria-hidden="true">
            <path class="graph-edge is-critical" d="M0 4h22" />
          </svg>{' '}
          critical path: {path.length} tasks, {duration(length)}
          {tasks.some((task) => task.status === 'waiting' || task.status === 'ready') &&
            ' (open tasks by average)'}
        </li>
      )}
      {tasks.some((task) => task.ordered_after.length > 0) && (
        <li>
          <svg width="22" height="8" aria-hidden="true">
            <path class="graph-edge is-order" d="M0 4h22" />
          </svg>{' '}
          kept apart by the scheduler
        </li>
      )}
      <li class="job-legend-keys">Drag to move, Ctrl + wheel to zoom; keys: arrows, Enter, +, −, F</li>
    </ul>
  );
};
