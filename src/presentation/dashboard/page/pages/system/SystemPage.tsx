import { useEffect, useState } from 'preact/hooks';
import type { SystemAnswer } from '../../../../wire/system.ts';
import type { WorkersAnswer } from '../../../../wire/workers.ts';
import { getJson } from '../../data/http.ts';
import { connection, happenings } from '../../data/jobs.ts';
import { useRefresh } from '../../data/useRefresh.ts';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { countText } from '../../ui/format.ts';
import { Note } from '../../ui/Note.tsx';
import { usePageTitle } from '../../ui/pageTitle.ts';
import { AboutSystem } from './AboutSystem.tsx';
import { BusyWorkers } from './BusyWorkers.tsx';
import { SystemFigures } from './SystemFigures.tsx';
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
          <SystemFigures system={known.system} />
          <BusyWorkers workers={known.workers} />
          <AboutSystem system={known.system} />
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
