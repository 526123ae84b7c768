import type { Clock } from '../../application/ports/system.ts';
import type { JobId } from '../../domain/ids.ts';
import type { OpenStreams } from '../http/openStreams.ts';
import { openSse, type Sse } from '../http/sse.ts';
import { followedToWire } from '../wire/event.ts';
import { jobRowToWire } from '../wire/jobList.ts';
import { defineRoute, type Mounted, none } from './route.ts';
import type { RestContext } from './routeShape.ts';

/** A job's row goes out at most so often. */
const ROW_MS = 250;

/** Sends a job's row after it has changed: at once, and then at most once in `ROW_MS`. */
const rowSender = (c: RestContext, sse: Sse, clock: Clock): ((id: JobId) => void) => {
  const orchestrator = c.get('orchestrator');
  /** Jobs whose row went out just now, and whether they have changed since. */
  const recent = new Map<JobId, boolean>();
  const send = async (id: JobId): Promise<void> => {
    for (let changed = true; changed && !sse.closed.aborted; changed = recent.get(id) === true) {
      recent.set(id, false);
      sse.send({ event: 'job', data: jobRowToWire(await orchestrator.status(id)) });
      await clock.sleep(ROW_MS, sse.closed);
    }
  };
  return (id) => {
    if (recent.has(id)) recent.set(id, true);
    // A row that cannot be had is no reason to end the stream: the job's next change asks again.
    else
      send(id)
        .catch(() => undefined)
        .finally(() => recent.delete(id));
  };
};

/** What happens to all jobs. */
export const allEventRoutes = (streams: OpenStreams, clock: Clock): readonly Mounted[] => [
  defineRoute({
    method: 'get',
    path: '/events',
    id: 'followJobs',
    tag: 'server',
    summary: 'What happens to all jobs',
    description:
      'A stream over the jobs that the credential may see: each happening, and the row of a job that changed, at most four a second a job. It has no ids: after a new connection read the list anew.',
    params: none,
    query: none,
    body: none,
    answers: {
      200: {
        description: 'Events, until one side hangs up.',
        content: {
          'text/event-stream': {
            text: 'Events `happening` {job_id, seq, at, type, task_id?} and `job` with a `JobRow`.',
            example:
              'event: happening\ndata: {"job_id":"job_0123456789abcdef","seq":7,"at":"2026-01-02T03:04:05.000Z","type":"task.done","task_id":"t1"}\n\n',
          },
        },
      },
    },
    handle: (c) => {
      const sse = openSse(c, { streams });
      const sendRow = rowSender(c, sse, clock);
      const unsubscribe = c.get('orchestrator').subscribe((event) => {
        sse.send({ event: 'happening', data: followedToWire(event) });
        sendRow(event.jobId);
      });
      sse.closed.addEventListener('abort', unsubscribe);
      if (sse.closed.aborted) unsubscribe();
      // Says that the stream stands: what happens from now on is told.
      sse.comment('open');
      return sse.response;
    },
  }),
];
