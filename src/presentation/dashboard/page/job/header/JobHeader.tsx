import { countText, moneyText } from '../../ui/format.ts';
import { Note } from '../../ui/Note.tsx';
import { StateBadge } from '../../ui/StateBadge.tsx';
import { isEnded } from '../data/jobStore.ts';
import { useScene } from '../jobContext.ts';
import { duration } from '../model/format.ts';
import type { WholeJob } from '../model/wire.ts';
import { Attention } from './Attention.tsx';
import { JobActions } from './JobActions.tsx';
import { MergeHint } from './MergeHint.tsx';
import { Progress } from './Progress.tsx';
import { RequestText } from './RequestText.tsx';

const STREAM_WORDS = {
  connecting: 'connecting',
  live: 'live',
  lost: 'connection lost, trying again',
} as const;

/** What is asked, how it stands and what can be done about it. */
export const JobHeader = () => {
  const { store } = useScene();
  const job = store.job.value;
  if (job === undefined) return null;
  const end =
    job.ended_at === undefined
      ? Math.max(store.now.value, Date.parse(job.created_at))
      : Date.parse(job.ended_at);
  const stream = store.stream.value;
  return (
    <header class="card job-card job-header">
      <Attention />
      <div class="job-title-row">
        <StateBadge state={job.status} />
        {(!isEnded(job) || stream === 'lost') && (
          <span class={`job-stream is-${stream}`} role="status">
            {STREAM_WORDS[stream]}
          </span>
        )}
        <code class="job-id">{job.job_id}</code>
        <JobActions />
      </div>
      <RequestText request={job.request} />
      <Progress tasks={job.tasks} />
      <dl class="job-facts">
        <Fact name="Tasks" value={`${job.progress.done} of ${job.progress.total} done`} />
        <Fact name="Elapsed" value={duration((end - Date.parse(job.created_at)) / 1000)} />
        <Fact name="Cost" value={moneyText(job.cost_usd)} />
        <Fact name="Attempts" value={String(job.statistics.attempts)} />
        <Fact name="Verified" value={`${job.statistics.verified} of ${job.statistics.total}`} />
        <Fact name="Files" value={countText(filesOf(job), 'file')} />
        <Fact name="Priority" value={job.priority} />
        <Fact name="Workspace" value={job.workspace} code />
      </dl>
      <MergeHint job={job} />
      {job.error !== undefined && (
        <Note tone="bad" title={job.error.message}>
          <p>{job.error.hint}</p>
        </Note>
      )}
      {job.warnings.length > 0 && (
        <details class="job-warnings">
          <summary>{countText(job.warnings.length, 'warning')}</summary>
          <ul>
            {job.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </details>
      )}
    </header>
  );
};

/** The job's own list comes with its end; until then what its tasks have committed. */
const filesOf = ({ files_changed: files, tasks }: WholeJob): number =>
  Math.max(files.length, new Set(tasks.flatMap((task) => task.files_changed)).size);

type FactProps = { readonly name: string; readonly value: string; readonly code?: boolean };

const Fact = ({ name, value, code }: FactProps) => (
  <div class={code ? 'job-fact is-wide' : 'job-fact'}>
    <dt>{name}</dt>
    <dd>{code ? <code>{value}</code> : value}</dd>
  </div>
);
