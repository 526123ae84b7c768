import { type ReadonlySignal, signal } from '@preact/signals';
import { jobIn, wordsIn } from './answers.ts';
import { connectHost, type Host } from './host.ts';
import { type JobFeed, openJobFeed } from './jobFeed.ts';

/** One stay of the view in a host: from the handshake to the teardown. */
export type Visit = {
  readonly host: ReadonlySignal<Host | undefined>;
  readonly feed: ReadonlySignal<JobFeed | undefined>;
  /** What there is to say as long as there is no job. */
  readonly words: ReadonlySignal<string>;
};

/** Connects to the host, and follows the job that the call beside the view speaks of. */
export const beginVisit = (): Visit => {
  const host = signal<Host | undefined>(undefined);
  const feed = signal<JobFeed | undefined>(undefined);
  const words = signal('Waiting for the job…');
  /** News of before the end of the handshake. */
  let early: (() => void)[] = [];
  const later = (work: (host: Host) => void): void => {
    const there = host.value;
    if (there === undefined) early.push(() => later(work));
    else work(there);
  };
  const follow = (to: Host, jobId: string): JobFeed => {
    const current = feed.value;
    if (current?.jobId === jobId) return current;
    current?.close();
    const opened = openJobFeed(to, jobId);
    feed.value = opened;
    return opened;
  };

  connectHost({
    // A wait takes up to 45 seconds: the job is shown meanwhile.
    onInput: ({ job_id: jobId }) => {
      if (typeof jobId === 'string') later((to) => void follow(to, jobId));
    },
    onResult: (result) =>
      later((to) => {
        const answer = jobIn(result);
        if (answer === undefined) words.value = wordsIn(result) || 'The call answered with no job.';
        else follow(to, answer.job_id).take(answer);
      }),
    onCancelled: () => {
      words.value = 'The call was cancelled.';
    },
    onTeardown: () => feed.value?.close(),
  }).then(
    (connected) => {
      host.value = connected;
      for (const work of early) work();
      early = [];
    },
    (error: unknown) => {
      words.value = `This program does not show the job: ${error instanceof Error ? error.message : String(error)}`;
    },
  );
  return { host, feed, words };
};
