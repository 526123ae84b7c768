import { Toasts } from '../../page/ui/Toast.tsx';
import type { Visit } from '../data/visit.ts';
import { JobView } from './JobView.tsx';

/** What the host shows: a job, or why there is none. */
export const View = ({ visit }: { readonly visit: Visit }) => {
  const host = visit.host.value;
  const feed = visit.feed.value;
  const hasJob = feed?.job.value !== undefined;
  return (
    <main class="app">
      {host !== undefined && feed !== undefined && hasJob ? (
        <JobView key={feed.jobId} host={host} feed={feed} />
      ) : (
        <p class="app-words" role="status">
          {feed?.trouble.value ?? visit.words.value}
        </p>
      )}
      <Toasts />
    </main>
  );
};
