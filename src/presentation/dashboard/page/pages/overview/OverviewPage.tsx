import { useRef, useState } from 'preact/hooks';
import { openApprovals } from '../../data/approvals.ts';
import { counts, loadError, loaded, reloadJobs, rows, seen } from '../../data/jobs.ts';
import { arrange, matching } from '../../data/overview.ts';
import { maySubmit } from '../../data/session.ts';
import { now } from '../../ui/clock.ts';
import { Empty } from '../../ui/Empty.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { usePageTitle } from '../../ui/pageTitle.ts';
import { useShortcut } from '../../ui/shortcuts.ts';
import { EndedSection } from './EndedSection.tsx';
import { Facts } from './Facts.tsx';
import { Headline } from './Headline.tsx';
import { RunningSection } from './RunningSection.tsx';
import { WantsSection } from './WantsSection.tsx';
import './overview.css';

/** All jobs: what wants a person, what runs, what ended. Each part is a section of its own. */
export const OverviewPage = () => {
  usePageTitle('');
  const [query, search] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const toField = useRef(() => field.current?.focus());
  useShortcut('/', 'Filter the jobs', toField.current);

  if (!loaded.value) {
    return loadError.value === undefined ? (
      <Loading />
    ) : (
      <ErrorNote error={loadError.value} onRetry={reloadJobs} />
    );
  }
  if (rows.value.size === 0 && (openApprovals.value ?? []).length === 0) return <FirstJob />;
  const { wants, running, ended } = arrange(matching([...rows.value.values()], query), now.value, seen.value);
  return (
    <div class="overview">
      <div class="overview-head">
        <Headline counts={counts.value} />
        <Facts />
        <search class="filter">
          <Icon name="search" />
          <input
            ref={field}
            type="search"
            class="input"
            placeholder="Filter by words, folder, branch"
            aria-label="Filter the jobs"
            value={query}
            onInput={(event) => search(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Escape') return;
              search('');
              event.currentTarget.blur();
            }}
          />
          <span class="filter-key" aria-hidden="true">
            /
          </span>
        </search>
      </div>
      {loadError.value === undefined ? null : <ErrorNote error={loadError.value} onRetry={reloadJobs} />}
      <WantsSection approvals={openApprovals.value ?? []} rows={wants} />
      <RunningSection rows={running} isFiltered={query.trim() !== ''} />
      <EndedSection rows={ended} isFiltered={query.trim() !== ''} />
    </div>
  );
};

const Loading = () => (
  <div aria-busy="true" class="loading">
    <h1 class="hidden-words">Jobs are being loaded</h1>
    <div class="ghost" />
    <div class="ghost" />
    <div class="ghost" />
  </div>
);

const FirstJob = () => (
  <Empty isPage title="No jobs yet">
    <p>
      A job is a piece of work that several Claude Code workers do at once, each in its own worktree, verified
      and merged.
    </p>
    {maySubmit.value ? (
      <a class="button primary" href="/new">
        <Icon name="plus" />
        Start the first one
      </a>
    ) : (
      <p class="quiet">Jobs that others start appear here by themselves.</p>
    )}
    <p class="quiet">
      An agent starts one by the tool <code>orchestrate</code>; it appears here the moment it is asked for.
    </p>
  </Empty>
);
