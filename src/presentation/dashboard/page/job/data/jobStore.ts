import { type ReadonlySignal, signal } from '@preact/signals';
import { getJson, jsonOf, ProblemError } from '../../data/http.ts';
import { refresher } from '../../data/refresher.ts';
import { openStream, type StreamState } from '../../data/stream.ts';
import type { WholeJob, WireEvent } from '../model/wire.ts';
import { apiPath } from './paths.ts';

/** Not more often than this is the whole job read anew, milliseconds. */
const REFRESH_MS = 500;
const GATHER_MS = 50;
/** Happenings after which job and tasks are what they were. */
const CHANGES_NOTHING: ReadonlySet<string> = new Set([
  'tool.judged',
  'task.message',
  'leftover.ended',
  'baseline.finished',
]);
const ENDED: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled']);

export const isEnded = (job: Pick<WholeJob, 'status'>): boolean => ENDED.has(job.status);

export type JobStore = {
  readonly jobId: string;
  readonly job: ReadonlySignal<WholeJob | undefined>;
  readonly events: ReadonlySignal<readonly WireEvent[]>;
  readonly stream: ReadonlySignal<StreamState>;
  /** Why there is no job to show. */
  readonly problem: ReadonlySignal<ProblemError | undefined>;
  /** Milliseconds since the epoch, once a second while the job runs. */
  readonly now: ReadonlySignal<number>;
  /** Reads the whole job again soon: after an action, or where something changed. */
  refresh(): void;
  close(): void;
};

/** A job and everything that happens to it, kept up by one stream. Ends with `close`. */
export const openJobStore = (jobId: string): JobStore => {
  const job = signal<WholeJob | undefined>(undefined);
  const events = signal<readonly WireEvent[]>([]);
  const stream = signal<StreamState>('connecting');
  const problem = signal<ProblemError | undefined>(undefined);
  const now = signal(Date.now());
  const closed = new AbortController();
  /** The last happening after which the job is not what it was. */
  let changedSeq = 0;
  const refresh = refresher(closed.signal, REFRESH_MS, async () => {
    try {
      const whole = await getJson<WholeJob>(`${apiPath(jobId)}?view=whole`, closed.signal);
      const first = job.value === undefined;
      problem.value = undefined;
      job.value = whole;
      // What came by the stream while the first answer was on its way, and is not in it yet.
      if (first && changedSeq > whole.seq) refresh();
    } catch (error) {
      // What is on the page stays where a later reading fails: the stream's state tells of it.
      if (error instanceof ProblemError && job.value === undefined) problem.value = error;
    }
  });

  let gathered: WireEvent[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastSeq = 0;
  const flush = (): void => {
    timer = undefined;
    const fresh = gathered;
    gathered = [];
    events.value = [...events.value, ...fresh];
    changedSeq = fresh.findLast((event) => !CHANGES_NOTHING.has(event.type))?.seq ?? changedSeq;
    if (job.value !== undefined && changedSeq > job.value.seq) refresh();
  };
  const closeStream = openStream(apiPath(jobId, 'events'), {
    onState: (state) => {
      stream.value = state;
    },
    onEvent: (_type, data) => {
      const event = jsonOf<WireEvent>(data);
      if (typeof event.seq !== 'number' || event.seq <= lastSeq) return;
      lastSeq = event.seq;
      gathered.push(event);
      timer ??= setTimeout(flush, GATHER_MS);
    },
  });
  const clock = setInterval(() => {
    if (job.value === undefined || isEnded(job.value) || document.hidden) return;
    now.value = Date.now();
  }, 1000);
  refresh();
  return {
    jobId,
    job,
    events,
    stream,
    problem,
    now,
    refresh,
    close: () => {
      closed.abort();
      closeStream();
      clearInterval(clock);
      clearTimeout(timer);
    },
  };
};
