import type { JobRow } from '../../../../wire/jobList.ts';
import { markSeen } from '../../data/jobs.ts';
import { hasEnded } from '../../data/overview.ts';
import { Ago } from '../../ui/Duration.tsx';
import { folderName } from '../../ui/format.ts';
import { StateBadge } from '../../ui/StateBadge.tsx';
import { TaskBar } from '../../ui/TaskBar.tsx';

/** What waits for a person. Not there where nothing does. */
export const WantsSection = ({ rows }: { readonly rows: readonly JobRow[] }) => {
  if (rows.length === 0) return null;
  return (
    <section aria-labelledby="wants-title">
      <h2 id="wants-title" class="section-title">
        Look at this first
      </h2>
      <ul class="wants">
        {rows.map((row) => (
          <Wanting key={row.job_id} row={row} />
        ))}
      </ul>
    </section>
  );
};

const Wanting = ({ row }: { readonly row: JobRow }) => {
  const decides = row.attention !== undefined;
  return (
    <li class={`card wanting ${decides ? 'decides' : 'failing'}`}>
      <StateBadge state={decides ? 'attention' : 'failed'} />
      <div class="wanting-words">
        <a class="whole-card job-name" href={`/jobs/${row.job_id}`}>
          {row.request}
        </a>
        <p class="wanting-why">
          {row.attention ?? `${row.progress.done} of ${row.progress.total} tasks were done when it failed.`}
        </p>
        <p class="quiet job-facts">
          <span title={row.workspace}>{folderName(row.workspace)}</span>
          <Ago at={row.ended_at ?? row.created_at} />
        </p>
        {hasEnded(row) ? null : (
          <TaskBar done={row.progress.done} total={row.progress.total} label={row.request} />
        )}
      </div>
      {hasEnded(row) ? (
        <button
          type="button"
          class="button small above-card"
          aria-label={`Put aside: ${row.request}`}
          onClick={() => markSeen(row.job_id)}
        >
          Put aside
        </button>
      ) : null}
    </li>
  );
};
