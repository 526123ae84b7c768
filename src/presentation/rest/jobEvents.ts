import { z } from 'zod';
import type { JobEvent } from '../../domain/events.ts';
import type { OpenStreams } from '../http/openStreams.ts';
import { openSse } from '../http/sse.ts';
import { eventToWire } from '../wire/event.ts';
import { jobParams, numberText, startOf, wantsEvents } from './input.ts';
import { OneAtATime } from './oneAtATime.ts';
import { defineRoute, type Mounted, none } from './route.ts';
import type { RestContext } from './routeShape.ts';

/** Events that are read from the store at once. */
const PAGE = 500;

const query = z.strictObject({
  after: numberText(z.number().int().min(0)).default(0).describe('Number of the last event that is known'),
  limit: numberText(z.number().int().min(1).max(1000)).default(500).describe('Events of one page of JSON'),
});

type Query = z.output<typeof query>;
type Params = z.output<typeof jobParams>;

/**
 * Stored events first, then each as it comes. The stream knows the number of the last one it sent, and takes
 * from the bus only the very next one: whatever else the bus says makes it read the store again.
 */
const stream = async (
  c: RestContext,
  streams: OpenStreams,
  { job_id: id }: Params,
  { after }: Query,
): Promise<Response> => {
  const orchestrator = c.get('orchestrator');
  const { seq } = await orchestrator.status(id);
  // A number that the job has not reached is another job's.
  let last = Math.min(startOf(c, after), seq);
  const sse = openSse(c, { streams });
  const send = (event: JobEvent): void => {
    if (sse.send({ event: 'happening', id: event.seq, data: eventToWire(event) })) last = event.seq;
  };
  const catchUp = new OneAtATime(async () => {
    for (let full = true; full && !sse.closed.aborted; ) {
      const events = await orchestrator.events(id, last, PAGE);
      for (const event of events) {
        send(event);
        // After each: a page of long events is more than may wait for a client, however fast it reads.
        await sse.drained();
      }
      full = events.length === PAGE;
    }
  }, sse.end);
  const unsubscribe = orchestrator.subscribe((event) => {
    if (event.jobId !== id) return;
    if (!catchUp.running && event.seq === last + 1) send(event);
    else catchUp.ask();
  });
  sse.closed.addEventListener('abort', unsubscribe);
  if (sse.closed.aborted) unsubscribe();
  else catchUp.ask();
  return sse.response;
};

/** A job's events, as JSON or as they come. */
export const jobEventRoutes = (streams: OpenStreams): readonly Mounted[] => [
  defineRoute({
    method: 'get',
    path: '/jobs/{job_id}/events',
    id: 'getJobEvents',
    tag: 'jobs',
    summary: "A job's events",
    description:
      'With `Accept: text/event-stream` a stream from `after` or `Last-Event-ID` that goes on after the end of the job, since it can be retried; else one page as JSON.',
    params: jobParams,
    query,
    body: none,
    headers: { 'Last-Event-ID': 'Number of the last event that was received; goes before `after`' },
    answers: {
      200: {
        description: 'Events in order, without a gap.',
        headers: { Vary: 'Accept' },
        content: {
          'application/json': { schema: 'EventsAnswer' },
          'text/event-stream': {
            text: 'Events `happening` with an `EventAnswer` each; the id is its number.',
            example:
              'event: happening\nid: 7\ndata: {"type":"task.done","task_id":"t1","job_id":"job_0123456789abcdef","seq":7,"at":"2026-01-02T03:04:05.000Z"}\n\n',
          },
        },
      },
    },
    problems: [404],
    handle: async (c, input) => {
      c.header('Vary', 'Accept', { append: true });
      if (wantsEvents(c)) return stream(c, streams, input.params, input.query);
      const { after, limit } = input.query;
      return c.json(await c.get('api').events(input.params.job_id, after, limit));
    },
  }),
];
