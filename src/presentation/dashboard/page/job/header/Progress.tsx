import { LOOKS } from '../../ui/states.ts';
import type { WholeTask } from '../model/wire.ts';
import { STATUS_WORDS, type TaskStatus } from '../model/words.ts';
import { StatusIcon } from '../ui/StatusIcon.tsx';

const ORDER: readonly TaskStatus[] = [
  'done',
  'verifying',
  'running',
  'parked',
  'failed',
  'skipped',
  'cancelled',
  'ready',
  'waiting',
];

/** All tasks by state, as one bar and in words. */
export const Progress = ({ tasks }: { readonly tasks: readonly WholeTask[] }) => {
  const groups = Map.groupBy(tasks, (task) => task.status);
  const parts = ORDER.map((status) => ({ status, many: groups.get(status)?.length ?? 0 })).filter(
    ({ many }) => many > 0,
  );
  let at = 0;
  return (
    <div class="job-progress">
      <svg
        class="job-progress-bar"
        viewBox={`0 0 ${Math.max(1, tasks.length)} 1`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        {parts.map(({ status, many }) => {
          const x = at;
          at += many;
          return (
            <rect
              key={status}
              class={`is-${LOOKS[status].tone} is-${status}`}
              x={x}
              y="0"
              width={many}
              height="1"
            />
          );
        })}
      </svg>
      <ul class="job-counts" aria-label="Tasks by state">
        {parts.map(({ status, many }) => (
          <li key={status} title={STATUS_WORDS[status]}>
            <StatusIcon status={status} /> {many} {status}
          </li>
        ))}
      </ul>
    </div>
  );
};
