import type { JobEvent } from '../../domain/events.ts';
import type { JobId } from '../../domain/ids.ts';
import { isTerminal } from '../../domain/job.ts';
import type { JobView, Orchestrator } from '../api.ts';
import type { EventBus } from '../ports/eventBus.ts';
import type { Clock } from '../ports/system.ts';

export type WaitOptions = Parameters<Orchestrator['wait']>[1];

/** Waits on events, not by asking again and again; ends when a person is wanted, at the job's end, or in time. */
export const waitForJob = async (
  deps: { readonly bus: EventBus; readonly clock: Clock },
  id: JobId,
  view: () => Promise<JobView>,
  options: WaitOptions,
): Promise<JobView> => {
  const news = Promise.withResolvers<void>();
  const finished = new AbortController();
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
    if (WANTS_A_PERSON.has(event.happening.type) || isEnd(event)) news.resolve();
  });
  try {
    // Subscribed first, looked second: nothing can happen unseen in between.
    const now = await view();
    if (isTerminal(now.job) || now.job.attention !== undefined || now.approvals !== undefined) return now;
    const time = deps.clock
      .sleep(options.waitMs, AbortSignal.any([options.signal, finished.signal]))
      .catch(() => undefined);
    await Promise.race([news.promise, time]);
    await seen;
    return await view();
  } finally {
    answered = true;
    finished.abort();
    unsubscribe();
  }
};

const WANTS_A_PERSON: ReadonlySet<string> = new Set(['job.attention', 'approval.requested']);

const isEnd = (event: JobEvent): boolean =>
  event.happening.type === 'job.status' && ['succeeded', 'failed', 'cancelled'].includes(event.happening.to);
