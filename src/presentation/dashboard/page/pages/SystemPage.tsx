import { useEffect, useState } from 'preact/hooks';
import type { SystemAnswer } from '../../../wire/system.ts';
import type { WorkersAnswer } from '../../../wire/workers.ts';
import { getJson } from '../data/http.ts';
import { connection, happenings } from '../data/jobs.ts';
import { useRefresh } from '../data/useRefresh.ts';
import { Duration } from '../ui/Duration.tsx';
import { ErrorNote } from '../ui/ErrorNote.tsx';
import { bytesText, countText, durationText, moneyText } from '../ui/format.ts';
import { Note } from '../ui/Note.tsx';
import { usePageTitle } from '../ui/pageTitle.ts';
import { StateBadge } from '../ui/StateBadge.tsx';
import './system.css';

type Known = { readonly system: SystemAnswer; readonly workers: WorkersAnswer };

/** Memory and health change without any job's happening. */
const LOOK_AGAIN_MS = 15_000;

/** How the server is: workers, queue, spending, health. */
export const SystemPage = () => {
  usePageTitle('System');
  const [known, know] = useState<Known>();
  const [error, setError] = useState<unknown>();
  const refresh = useRefresh(async (signal) => {
    const [system, workers] = await Promise.all([
      getJson<SystemAnswer>('/api/v1/system', signal),
      getJson<WorkersAnswer>('/api/v1/workers', signal),
    ]);
    know({ system, workers });
    setError(undefined);
  }, setError);
  const trigger = `${happenings.value} ${connection.value}`;
  // A happening is the reason to look, not an input.
  useEffect(refresh, [trigger]);
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') refresh();
    }, LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [refresh]);
  return (
    <div class="system">
      <h1>System</h1>
      <ErrorNote error={error} onRetry={refresh} />
      {known === undefined ? null : (
        <>
          <Health system={known.system} />
          <Figures system={known.system} />
          <Workers workers={known.workers} />
          <About system={known.system} />
        </>
      )}
    </div>
  );
};

const Health = ({ system }: { readonly system: SystemAnswer }) =>
  system.problems.length === 0 ? (
    <Note tone="good" title="All is well" />
  ) : (
    <Note tone="warn" title={countText(system.problems.length, 'problem')}>
      <ul class="problems">
        {system.problems.map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
      </ul>
    </Note>
  );

type FigureProps = {
  readonly name: string;
  readonly value: string;
  readonly beside?: string;
  /** 0 to 1: how full. */
  readonly share?: number;
};

const Figure = ({ name, value, beside, share }: FigureProps) => (
  <div class="card figure">
    <dt>{name}</dt>
    <dd>
      <span class="figure-value number">{value}</span>
      {beside === undefined ? null : <span class="figure-beside">{beside}</span>}
      {share === undefined ? null : (
        <meter min={0} max={1} high={0.9} value={Math.min(1, share)} aria-label={`${name}, share in use`} />
      )}
    </dd>
  </div>
);

const Figures = ({
  system: { workers, queue, memory, spend_today_usd: spent },
}: {
  readonly system: SystemAnswer;
}) => (
  <dl class="figures">
    <Figure
      name="Workers busy"
      value={String(workers.busy)}
      beside={`of ${workers.limit}, ${workers.live} alive`}
      share={workers.limit === 0 ? 0 : workers.busy / workers.limit}
    />
    <Figure
      name="Tasks open"
      value={String(queue.open_tasks)}
      beside={`of ${queue.limit.toLocaleString('en-US')}, in ${countText(queue.jobs_running, 'job')}`}
      share={queue.limit === 0 ? 0 : queue.open_tasks / queue.limit}
    />
    <Figure name="Spent today" value={moneyText(spent)} />
    <Figure
      name="Memory free"
      value={bytesText(memory.available_bytes)}
      beside={`the server holds ${bytesText(memory.server_bytes)}`}
    />
  </dl>
);

const Workers = ({ workers }: { readonly workers: WorkersAnswer }) => (
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

const About = ({ system }: { readonly system: SystemAnswer }) => (
  <section aria-labelledby="about-title">
    <h2 id="about-title" class="section-title">
      About
    </h2>
    <dl class="card about">
      <dt>Version</dt>
      <dd>{system.version}</dd>
      <dt>Up for</dt>
      <dd class="number">{durationText(system.uptime_seconds * 1000)}</dd>
      <dt>Node</dt>
      <dd>{system.node}</dd>
      <dt>Claude Code</dt>
      <dd>
        {system.claude === undefined ? (
          'not found'
        ) : (
          <>
            {system.claude.version}
            <span class="quiet">, {system.claude.credentials ? 'logged in' : 'not logged in'}</span>
            <br />
            <code class="quiet">{system.claude.path}</code>
          </>
        )}
      </dd>
      <dt>API</dt>
      <dd>
        <a href="/api/docs" target="_blank" rel="noreferrer">
          Reference
        </a>
      </dd>
    </dl>
  </section>
);
