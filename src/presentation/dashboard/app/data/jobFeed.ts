import { type ReadonlySignal, signal } from '@preact/signals';
import type { JobAnswer } from '../../../wire/job.ts';
import { jsonOf, type ProblemError } from '../../page/data/http.ts';
import type { StreamState } from '../../page/data/stream.ts';
import { isEnded, type JobStore } from '../../page/job/data/jobStore.ts';
import type { WholeJob, WireEvent } from '../../page/job/model/wire.ts';
import { codeIn, jobAfter, jobIn, wordsIn } from './answers.ts';
import { watchAttention } from './attention.ts';
import type { Host } from './host.ts';
import { createNudge } from './nudge.ts';

/** Between two looks, milliseconds: at first, while something changes; then longer and longer. */
const SOONEST_MS = 2000;
const LATEST_MS = 20_000;
const GROWTH = 1.5;

export type JobFeed = JobStore & {
  /** Whether dependencies and events are known, which the tools do not tell. */
  readonly isWhole: ReadonlySignal<boolean>;
  /** Why there is nothing to show, in words. */
  readonly trouble: ReadonlySignal<string | undefined>;
  /** Takes a job that a tool has answered with. */
  take(answer: JobAnswer): void;
};

type Look = 'changed' | 'same' | 'lost';

/**
 * A job, kept up by calling `job_status` through the host for as long as it runs and somebody sees it, and by
 * reading its resources where something changed. Ends with `close`.
 */
export const openJobFeed = (host: Host, jobId: string): JobFeed => {
  const job = signal<WholeJob | undefined>(undefined);
  const events = signal<readonly WireEvent[]>([]);
  const stream = signal<StreamState>('connecting');
  const isWhole = signal(false);
  const trouble = signal<string | undefined>(undefined);
  const now = signal(Date.now());
  const closed = new AbortController();
  const attention = watchAttention();
  const { pause, nudge } = createNudge();
  let seen = '';

  const take = (answer: JobAnswer): void => {
    trouble.value = undefined;
    job.value = jobAfter(answer, job.value);
  };

  const readWhole = async (): Promise<void> => {
    if (!host.readsResources) return;
    const [whole, list] = await Promise.all([
      host.read(`job://${jobId}`),
      host.read(`job://${jobId}/events`),
    ]);
    events.value = jsonOf<{ events: readonly WireEvent[] }>(list).events;
    job.value = jsonOf<WholeJob>(whole);
    isWhole.value = true;
  };

  const look = async (): Promise<Look> => {
    try {
      const result = await host.call('job_status', { job_id: jobId });
      const answer = jobIn(result);
      if (answer === undefined) {
        if (job.value === undefined || codeIn(result) === 'JOB_NOT_FOUND') trouble.value = wordsIn(result);
        return 'lost';
      }
      const print = JSON.stringify(answer);
      if (print === seen) return 'same';
      take(answer);
      await readWhole();
      seen = print;
      return 'changed';
    } catch (error) {
      if (job.value === undefined) trouble.value = error instanceof Error ? error.message : String(error);
      return 'lost';
    }
  };

  const follow = async (): Promise<void> => {
    let wait = SOONEST_MS;
    while (!closed.signal.aborted) {
      await attention.whenSeen();
      if (closed.signal.aborted) return;
      const found = await look();
      stream.value = found === 'lost' ? 'lost' : 'live';
      wait = found === 'changed' ? SOONEST_MS : Math.min(LATEST_MS, wait * GROWTH);
      const isOver = found !== 'lost' && job.value !== undefined && isEnded(job.value);
      // What is over stays as it is, until somebody does something here that changes it.
      await pause(isOver ? Number.POSITIVE_INFINITY : wait);
    }
  };

  const clock = setInterval(() => {
    if (job.value !== undefined && !isEnded(job.value) && !document.hidden) now.value = Date.now();
  }, 1000);
  if (host.callsTools) void follow();
  return {
    jobId,
    job,
    events,
    stream,
    problem: signal<ProblemError | undefined>(undefined),
    now,
    isWhole,
    trouble,
    take,
    refresh: nudge,
    close: () => {
      closed.abort();
      attention.close();
      clearInterval(clock);
      nudge();
    },
  };
};
