import type { WorkersAnswer } from '../../../../wire/workers.ts';
import { Duration } from '../../ui/Duration.tsx';
import { StateBadge } from '../../ui/StateBadge.tsx';

/** Who is at which task, and since when. */
export const BusyWorkers = ({ workers }: { readonly workers: WorkersAnswer }) => (
  <section aria-labelledby="workers-title">
    <h2 id="workers-title" class="section-title">
      Workers
    </h2>
    {workers.workers.length === 0 ? (
      <p class="quiet nothing">No worker is busy.</p>
    ) : (
      <ul class="card workers">
        {workers.workers.map((worker) => (
          <li key={`${worker.job_id} ${worker.task_id} ${worker.attempt}`} class="worker">
            <StateBadge state={worker.status} />
            <a class="whole-card job-name" href={`/jobs/${worker.job_id}`}>
              {worker.title}
            </a>
            <span class="quiet worker-facts">
              <span>{worker.task_id}</span>
              {worker.attempt > 1 ? <span>attempt {worker.attempt}</span> : null}
              <span>lane {worker.lane}</span>
              {worker.pid === undefined ? null : <span class="number">pid {worker.pid}</span>}
            </span>
            <Duration since={worker.since} />
          </li>
        ))}
      </ul>
    )}
  </section>
);
