import { z } from 'zod';
import type { OpenStreams } from '../http/openStreams.ts';
import { openSse } from '../http/sse.ts';
import type { LogPiece } from '../wire/streams.ts';
import { taskLogInputSchema } from '../wire/taskOutput.ts';
import { numberText, startOf, taskParams, wantsEvents } from './input.ts';
import { OneAtATime } from './oneAtATime.ts';
import { defineRoute, type Mounted, none } from './route.ts';
import type { RestContext } from './routeShape.ts';

/** Characters of one event. */
const PIECE = 64_000;

const query = z.strictObject({
  offset: numberText(z.number().int().min(0)).default(0).describe('Characters from the start of the log'),
  limit: numberText(taskLogInputSchema.shape.limit).describe('Characters of one page of JSON'),
});

type Params = z.output<typeof taskParams>;

const stream = async (
  c: RestContext,
  streams: OpenStreams,
  task: Params,
  asked: number,
): Promise<Response> => {
  const orchestrator = c.get('orchestrator');
  const api = c.get('api');
  const { size } = await api.taskOutput({ ...task, offset: 0, limit: 1 });
  let offset = Math.min(startOf(c, asked), size);
  const heard = { onGrowth: (): void => undefined };
  const unfollow = await orchestrator.followTaskOutput(task.job_id, task.task_id, () => heard.onGrowth());
  const sse = openStream(c, streams, unfollow);
  const readOn = new OneAtATime(async () => {
    for (let more = true; more && !sse.closed.aborted; ) {
      const page = await api.taskOutput({ ...task, offset, limit: PIECE });
      const next = page.next_offset ?? Math.max(offset, page.size);
      const piece: LogPiece = { offset, text: page.text, size: page.size };
      if (next > offset && sse.send({ event: 'log', id: next, data: piece })) offset = next;
      await sse.drained();
      more = page.next_offset !== undefined;
    }
  }, sse.end);
  heard.onGrowth = () => readOn.ask();
  readOn.ask();
  return sse.response;
};

const openStream = (c: RestContext, streams: OpenStreams, unfollow: () => void) => {
  try {
    const sse = openSse(c, { streams });
    sse.closed.addEventListener('abort', unfollow);
    if (sse.closed.aborted) unfollow();
    return sse;
  } catch (error) {
    unfollow();
    throw error;
  }
};

/** What a worker prints, as JSON or as it comes. */
export const taskLogRoutes = (streams: OpenStreams): readonly Mounted[] => [
  defineRoute({
    method: 'get',
    path: '/jobs/{job_id}/tasks/{task_id}/log',
    id: 'getTaskLog',
    tag: 'tasks',
    summary: "A task's log",
    description:
      'With `Accept: text/event-stream` the log from `offset` or `Last-Event-ID`, and what comes; else one page as JSON. Long logs are cut in their middle; offsets count what was cut too.',
    params: taskParams,
    query,
    body: none,
    headers: { 'Last-Event-ID': 'Where the next piece begins; goes before `offset`' },
    answers: {
      200: {
        description: 'Plain text, without control characters.',
        headers: { Vary: 'Accept' },
        content: {
          'application/json': { schema: 'TaskOutputAnswer' },
          'text/event-stream': {
            text: 'Events `log` {offset, text, size}; the id is where the next one begins.',
            example: 'event: log\nid: 12\ndata: {"offset":0,"text":"Hello there.","size":12}\n\n',
          },
        },
      },
    },
    problems: [404],
    handle: async (c, input) => {
      c.header('Vary', 'Accept', { append: true });
      const { offset, limit } = input.query;
      if (wantsEvents(c)) return stream(c, streams, input.params, offset);
      return c.json(await c.get('api').taskOutput({ ...input.params, offset, limit }));
    },
  }),
];
