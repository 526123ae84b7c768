import type { JobEvent } from '../../domain/events.ts';
import type { JobId } from '../../domain/ids.ts';
import { isTerminal } from '../../domain/job.ts';
import type { JobView, Orchestrator, WaitOutcome } from '../api.ts';
import type { Clock, EventBus } from '../ports.ts';

export type WaitOptions = Parameters<Orchestrator['wait']>[1];

/** Happenings that a caller who waits for a change wants to hear of. */
const CHANGES: ReadonlySet<JobEvent['happening']['type']> = new Set([
  'job.planned',
  'job.status',
  'job.attention',
  'task.done',
  'task.failed',
  'task.skipped',
  'task.cancelled',
]);

/** Waits on events, not by asking again and again; ends at a change, an attention, the job's end, or in time. */
export const waitForJob = async (
  deps: { readonly bus: EventBus; readonly clock: Clock },
  id: JobId,
  view: () => Promise<JobView>,
  options: WaitOptions,
): Promise<WaitOutcome> => {
  const news = Promise.withResolvers<void>();
  const finished = new AbortController();
  let changed = false;
  let answered = false;
  let seen: Promise<unknown> = Promise.resolve();
  const unsubscribe = deps.bus.subscribe((event) => {
    if (event.jobId !== id) return;
    seen = seen
      .then(async () => {
        const now = await view();
        // Progress after the answer would break the protocol.
        if (!answered) options.onEvent(event, now);
      })
      .catch(() => undefined);
    const { type } = event.happening;
    if (CHANGES.has(type)) changed = true;
    const ends = type === 'job.attention' || (type === 'job.status' && isEnd(event));
    if (ends || (options.until === 'change' && CHANGES.has(type))) news.resolve();
  });
  try {
    // Subscribed first, looked second: nothing can happen unseen in between.
    const now = await view();
    if (isTerminal(now.job)) return { ...now, reason: 'done' };
    if (now.job.attention !== undefined) return { ...now, reason: 'attention' };
    const time = deps.clock
      .sleep(options.waitMs, AbortSignal.any([options.signal, finished.signal]))
      .catch(() => undefined);
    await Promise.race([news.promise, time]);
    await seen;
    const then = await view();
    const reason = isTerminal(then.job)
      ? 'done'
      : then.job.attention !== undefined
        ? 'attention'
        : changed && options.until === 'change'
          ? 'change'
          : 'timeout';
    return { ...then, reason };
  } finally {
    answered = true;
    finished.abort();
    unsubscribe();
  }
};

const isEnd = (event: JobEvent): boolean =>
  event.happening.type === 'job.status' && ['succeeded', 'failed', 'cancelled'].includes(event.happening.to);
