import type { JobRow } from '../../../../wire/jobList.ts';
import { Duration } from '../../ui/Duration.tsx';
import { folderName } from '../../ui/format.ts';
import { Money } from '../../ui/Money.tsx';
import { StateBadge } from '../../ui/StateBadge.tsx';
import { TaskBar } from '../../ui/TaskBar.tsx';

type RunningProps = { readonly rows: readonly JobRow[]; readonly isFiltered: boolean };

/** What is at work now. */
export const RunningSection = ({ rows, isFiltered }: RunningProps) => (
  <section aria-labelledby="running-title">
    <h2 id="running-title" class="section-title">
      Running
    </h2>
    {rows.length === 0 ? (
      <p class="quiet nothing">{isFiltered ? 'None that fits the filter.' : 'Nothing runs.'}</p>
    ) : (
      <ul class="running">
        {rows.map((row) => (
          <RunningJob key={row.job_id} row={row} />
        ))}
      </ul>
    )}
  </section>
);

const RunningJob = ({ row }: { readonly row: JobRow }) => (
  <li class="card running-job">
    <div class="running-name">
      <a class="whole-card job-name" href={`/jobs/${row.job_id}`}>
        {row.request}
      </a>
      <p class="quiet job-facts">
        <span title={row.workspace}>{folderName(row.workspace)}</span>
      </p>
    </div>
    <StateBadge state={row.status} />
    <div class="running-figures">
      <span>
        <span class="hidden-words">Elapsed </span>
        <Duration since={row.created_at} />
      </span>
      <span>
        <span class="hidden-words">Cost </span>
        <Money usd={row.cost_usd} />
      </span>
    </div>
    <TaskBar done={row.progress.done} total={row.progress.total} label={row.request} />
  </li>
);
