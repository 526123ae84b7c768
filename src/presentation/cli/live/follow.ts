import type { OrchestratorError } from '../../../domain/errors/index.ts';
import type { EventAnswer } from '../../wire/event.ts';
import type { WholeJobAnswer } from '../../wire/wholeJob.ts';
import type { CliClient } from '../deps.ts';
import { ENDED, isEnd } from '../eventLine.ts';

export type Follow = {
  /** Ends the following, never the job. */
  readonly signal: AbortSignal;
  /** Number of the last event that is not wanted; 0 gives all. */
  readonly after: number;
  readonly onEvent: (event: EventAnswer) => void;
  readonly onLost: (error: OrchestratorError) => void;
};

/**
 * Hears a job's events until the job has ended; at once where it has already, after the events that there are.
 * @param job as it stands: a job that ended and was taken up again has ends among its older events.
 * @returns false where the signal ended it before.
 */
export const followToEnd = async (
  client: Pick<CliClient, 'jobEvents'>,
  job: Pick<WholeJobAnswer, 'job_id' | 'status' | 'seq'>,
  { signal, after, onEvent, onLost }: Follow,
): Promise<boolean> => {
  const ended = ENDED.has(job.status);
  if (ended && after >= job.seq) return true;
  const over = new AbortController();
  await client.jobEvents(job.job_id, {
    after,
    onLost,
    signal: AbortSignal.any([signal, over.signal]),
    onEvent: (event) => {
      if (over.signal.aborted) return;
      onEvent(event);
      if (ended ? event.seq >= job.seq : event.seq > job.seq && isEnd(event)) over.abort();
    },
  });
  return over.signal.aborted;
};
