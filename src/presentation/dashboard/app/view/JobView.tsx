import { useMemo, useState } from 'preact/hooks';
import { pagePath, taskOfPath } from '../../page/job/data/paths.ts';
import { TaskGraph } from '../../page/job/graph/TaskGraph.tsx';
import { JobHeader } from '../../page/job/header/JobHeader.tsx';
import { makeScene, SceneProvider } from '../../page/job/jobContext.ts';
import { Tabs } from '../../page/job/panel/Tabs.tsx';
import { Waterfall } from '../../page/job/waterfall/Waterfall.tsx';
import { countText } from '../../page/ui/format.ts';
import { Note } from '../../page/ui/Note.tsx';
import { Shown } from '../../page/ui/Shown.tsx';
import type { Host } from '../data/host.ts';
import type { JobFeed } from '../data/jobFeed.ts';
import { settings } from '../data/settings.ts';
import { toolCalls } from '../data/toolCalls.ts';
import { DashboardLink } from './DashboardLink.tsx';
import { TaskRows } from './TaskRows.tsx';

type Props = { readonly host: Host; readonly feed: JobFeed };

/** One job: the dashboard's header, graph and timeline, and a list of the tasks that opens in place. */
export const JobView = ({ host, feed }: Props) => {
  const [selected, select] = useState<string>();
  const canAct = host.callsTools && settings.tools === 'full';
  const scene = useMemo(
    () => makeScene(feed, canAct ? toolCalls(host, feed) : undefined, select),
    [host, feed, canAct],
  );
  const isWhole = feed.isWhole.value;
  const onClick = (event: MouseEvent): void => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    const path = link?.getAttribute('href');
    if (path === undefined || path === null) return;
    // The dashboard's addresses lead nowhere from here.
    event.preventDefault();
    select(taskOfPath(path));
  };
  const rows = () => <TaskRows selected={selected} onSelect={select} />;
  return (
    <SceneProvider value={scene}>
      {/* biome-ignore lint/a11y: links keep their own keys, whose clicks come through here */}
      <div class="job-page" onClick={onClick}>
        <Asks host={host} feed={feed} />
        <JobHeader />
        {!host.callsTools && (
          <Note tone="idle" title="As it was when it was asked for">
            <p>This program lets the view ask for no news.</p>
          </Note>
        )}
        {isWhole && <TaskGraph selected={selected} />}
        <section class="card job-card app-parts" aria-label="Tasks and timeline">
          {isWhole ? (
            <Tabs
              label="Tasks and timeline"
              tabs={[
                { id: 'list', name: 'List', content: rows },
                { id: 'timeline', name: 'Timeline', content: () => <Waterfall selected={selected} /> },
              ]}
            />
          ) : (
            rows()
          )}
        </section>
        <DashboardLink host={host} path={pagePath(feed.jobId, selected)} />
      </div>
    </SceneProvider>
  );
};

/** A call that waits for a person: the host's own text is an agent's, so the way leads to the dashboard. */
const Asks = ({ host, feed }: Props) => {
  const waiting = feed.job.value?.approvals;
  if (waiting === undefined) return null;
  const { open, first } = waiting;
  return (
    <Note
      tone="warn"
      title={`${countText(open, 'call waits', 'calls wait')} for a person’s decision`}
      role="status"
    >
      <p>
        {first.risk}, task {first.task_id}:{' '}
        <code>
          <Shown text={first.command} />
        </code>
      </p>
      <DashboardLink host={host} path={`/approvals/${encodeURIComponent(first.approval_id)}`} />
    </Note>
  );
};
