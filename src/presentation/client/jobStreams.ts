import type { z } from 'zod';
import type { Watch } from '../wire/api.ts';
import { eventAnswerSchema } from '../wire/event.ts';
import { type JobAnswer, jobAnswerSchema } from '../wire/job.ts';
import { problemSchema } from '../wire/problem.ts';
import { logPieceSchema, waitProgressSchema } from '../wire/streams.ts';
import type { JobEventsOptions, TaskLogOptions } from './api.ts';
import type { Connection } from './connection.ts';
import { errorOfProblem, ServerUnreachableError } from './errors.ts';
import { stay } from './stayingStream.ts';

/** The job when the wait is over; undefined where the signal ended it. */
export const waitForJob = async (
  connection: Connection,
  path: string,
  { signal, onProgress }: Watch,
): Promise<JobAnswer | undefined> => {
  try {
    for await (const { event, data } of connection.events(path, { signal })) {
      if (event === 'progress') onProgress(connection.parse(waitProgressSchema, data, path));
      else if (event === 'job') return connection.parse(jobAnswerSchema, data, path);
      else if (event === 'error') throw errorOfProblem(connection.parse(problemSchema, data, path));
    }
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
  if (signal.aborted) return undefined;
  throw new ServerUnreachableError(connection.url, 'the wait was cut off');
};

/** A stream whose events are numbered upwards: each is handed out once, whatever the connections do. */
const numbered = async <T>(
  connection: Connection,
  path: string,
  options: Pick<JobEventsOptions, 'signal' | 'onLost'> & {
    readonly from: number;
    readonly schema: z.ZodType<T>;
    readonly name: string;
    readonly onItem: (item: T) => void;
  },
): Promise<void> => {
  let last = options.from;
  await stay(connection, {
    path,
    signal: options.signal,
    onLost: options.onLost,
    lastEventId: () => String(last),
    onEvent: ({ event, data, id }) => {
      const at = Number(id);
      if (event !== options.name || id === undefined || !(at > last)) return;
      options.onItem(connection.parse(options.schema, data, path));
      last = at;
    },
  });
};

export const jobEvents = (connection: Connection, path: string, options: JobEventsOptions): Promise<void> =>
  numbered(connection, path, {
    ...options,
    from: options.after ?? 0,
    schema: eventAnswerSchema,
    name: 'happening',
    onItem: options.onEvent,
  });

export const taskLog = (connection: Connection, path: string, options: TaskLogOptions): Promise<void> =>
  numbered(connection, path, {
    ...options,
    from: options.offset ?? 0,
    schema: logPieceSchema,
    name: 'log',
    onItem: (piece) => options.onText(piece.text, piece),
  });
