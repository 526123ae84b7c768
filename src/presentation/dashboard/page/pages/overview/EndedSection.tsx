import { useEffect, useState } from 'preact/hooks';
import type { JobRow } from '../../../../wire/jobList.ts';
import { Ago, Duration } from '../../ui/Duration.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { folderName } from '../../ui/format.ts';
import { Money } from '../../ui/Money.tsx';
import { StateBadge } from '../../ui/StateBadge.tsx';
import { useOlder } from './useOlder.ts';

const FILTERS = [
  { status: undefined, word: 'All' },
  { status: 'succeeded', word: 'Succeeded' },
  { status: 'failed', word: 'Failed' },
  { status: 'cancelled', word: 'Cancelled' },
] as const;

type EndedProps = { readonly rows: readonly JobRow[]; readonly isFiltered: boolean };

/** Rows that are drawn at once; more are one press away. */
const STEP = 25;

/** What is over, by status, a piece at a time. */
export const EndedSection = ({ rows, isFiltered }: EndedProps) => {
  const [status, choose] = useState<(typeof FILTERS)[number]['status']>(undefined);
  const [length, setLength] = useState(STEP);
  const older = useOlder(status);
  useEffect(() => setLength(STEP), [status]);
  const fitting = rows.filter((row) => status === undefined || row.status === status);
  const shown = fitting.slice(0, length);
  const hasMore = fitting.length > length || older.hasMore;
  const more = (): void => {
    setLength(length + STEP);
    if (fitting.length < length + STEP && older.hasMore) older.load();
  };
  return (
    <section aria-labelledby="ended-title">
      <div class="section-head">
        <h2 id="ended-title" class="section-title">
          Ended
        </h2>
        <fieldset class="chips">
          <legend class="hidden-words">Show by status</legend>
          {FILTERS.map((filter) => (
            <button
              key={filter.word}
              type="button"
              class="chip"
              aria-pressed={status === filter.status}
              onClick={() => choose(filter.status)}
            >
              {filter.word}
            </button>
          ))}
        </fieldset>
      </div>
      {shown.length === 0 && !older.isLoading ? (
        <p class="quiet nothing">
          {isFiltered || status !== undefined ? 'None that fits.' : 'Nothing has ended yet.'}
        </p>
      ) : (
        <ul class="card ended">
          {shown.map((row) => (
            <EndedJob key={row.job_id} row={row} />
          ))}
        </ul>
      )}
      <ErrorNote error={older.error} onRetry={older.load} />
      {hasMore ? (
        <button type="button" class="button more" disabled={older.isLoading} onClick={more}>
          {older.isLoading ? 'Loading…' : 'Show older'}
        </button>
      ) : null}
    </section>
  );
};

const EndedJob = ({ row }: { readonly row: JobRow }) => (
  <li class="ended-job">
    <StateBadge state={row.status} />
    <a class="whole-card job-name" href={`/jobs/${row.job_id}`}>
      {row.request}
    </a>
    <span class="quiet ended-folder" title={row.workspace}>
      {folderName(row.workspace)}
    </span>
    <span class="quiet ended-tasks number">
      {row.progress.done}/{row.progress.total}
      <span class="hidden-words"> tasks done</span>
    </span>
    <span class="quiet ended-took">
      <span class="hidden-words">Took </span>
      <Duration since={row.created_at} until={row.ended_at ?? row.created_at} />
    </span>
    <span class="ended-cost">
      <Money usd={row.cost_usd} />
    </span>
    <span class="quiet ended-at">
      <Ago at={row.ended_at ?? row.created_at} />
    </span>
  </li>
);
