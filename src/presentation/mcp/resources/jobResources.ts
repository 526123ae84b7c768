import { type McpServer, type ReadResourceResult, ResourceTemplate } from '@modelcontextprotocol/server';
import type { z } from 'zod';
import { type JobId, jobIdSchema, type TaskId, taskIdSchema } from '../../../domain/ids.ts';
import { inertLine, inertText } from '../../wire/inertText.ts';
import { invalidArguments } from '../../wire/invalidArguments.ts';
import { OF_THE_WHOLE_JOB } from '../../wire/wholeJob.ts';
import { resourceError } from '../errorResult.ts';
import type { ApiProvider } from '../provider.ts';

const RECENT_JOBS = 50;
const EVENTS = 1000;
/** Longest text of one resource, characters: the line that carries it stays far below a client's limits. */
const TEXT_CHARACTERS = 2_000_000;
const LOG_CHARACTERS = 200_000;

type Variables = Readonly<Record<string, string | string[]>>;

const variable = <S extends z.ZodType>(schema: S, variables: Variables, name: string): z.output<S> => {
  const parsed = schema.safeParse(variables[name]);
  if (!parsed.success) throw invalidArguments(`job:// (${name})`, parsed.error);
  return parsed.data;
};

const jobIdOf = (variables: Variables): JobId => variable(jobIdSchema, variables, 'id');
const taskIdOf = (variables: Variables): TaskId => variable(taskIdSchema, variables, 'task');

/** The list of resources as a client gets it. */
export type JobListing = {
  readonly resources: readonly {
    readonly uri: string;
    readonly name: string;
    readonly title: string;
    readonly description: string;
    readonly mimeType: string;
  }[];
};

const JOB = {
  title: 'Job',
  description: `A job with ${OF_THE_WHOLE_JOB}`,
  mimeType: 'application/json',
} as const;

const content = (uri: URL, mimeType: string, text: string): ReadResourceResult => ({
  contents: [{ uri: uri.href, mimeType, text }],
});

/**
 * Registers the four `job://` templates with list and completion.
 * @param isRunning where false, the list is empty and nobody is asked.
 * @returns the list, as it is given to clients.
 */
export const registerJobResources = (
  server: McpServer,
  provider: ApiProvider,
  isRunning: () => Promise<boolean> = async () => true,
): (() => Promise<JobListing>) => {
  const recent = async () =>
    (await isRunning()) ? (await (await provider()).list({ limit: RECENT_JOBS })).jobs : [];

  const completeId = async (value: string): Promise<string[]> =>
    (await recent()).map((job) => job.job_id).filter((id) => id.startsWith(value));

  const completeTask = async (
    value: string,
    given?: { arguments?: Record<string, string> },
  ): Promise<string[]> => {
    const id = jobIdSchema.safeParse(given?.arguments?.id);
    if (!id.success) return [];
    const { tasks } = await (await provider()).whole(id.data);
    return tasks.map((task) => task.id).filter((task) => task.startsWith(value));
  };

  const jobs = async () => ({
    resources: (await recent()).map((job) => ({
      uri: `job://${job.job_id}`,
      name: job.job_id,
      title: `${job.status}: ${inertLine(job.request, 80)}`,
      description: JOB.description,
      mimeType: JOB.mimeType,
    })),
  });
  const listJobs = () => guarded('job://', jobs);

  const add = (
    name: string,
    path: string,
    shown: { readonly title: string; readonly description: string; readonly mimeType: string },
    read: (uri: URL, variables: Variables) => Promise<string>,
  ): void => {
    const list = path === '' ? listJobs : undefined;
    const complete = {
      id: (value: string) => guarded('job://', () => completeId(value)),
      task: (value: string, given?: { arguments?: Record<string, string> }) =>
        guarded('job://', () => completeTask(value, given)),
    };
    server.registerResource(
      name,
      new ResourceTemplate(`job://{id}${path}`, { list, complete }),
      shown,
      (uri, variables) =>
        guarded(uri.href, async () => content(uri, shown.mimeType, await read(uri, variables))),
    );
  };

  add('job', '', JOB, async (_uri, variables) =>
    JSON.stringify(await (await provider()).whole(jobIdOf(variables))),
  );
  add(
    'job-events',
    '/events',
    { title: 'Events', description: `A job's last ${EVENTS} events`, mimeType: 'application/json' },
    async (_uri, variables) => {
      const api = await provider();
      const id = jobIdOf(variables);
      const { seq } = await api.whole(id);
      const after = Math.max(0, seq - EVENTS);
      const { events } = await api.events(id, after, EVENTS);
      return JSON.stringify({ job_id: id, events_before: after, events });
    },
  );
  add(
    'job-diff',
    '/diff',
    {
      title: 'Diff',
      description: 'What a job has changed, to read; take the branch to apply it',
      mimeType: 'text/x-diff',
    },
    async (_uri, variables) => inertText(await (await provider()).diff(jobIdOf(variables)), TEXT_CHARACTERS),
  );
  add(
    'task-log',
    '/tasks/{task}/log',
    {
      title: 'Task log',
      description: "The end of a task's log; task_output has pages",
      mimeType: 'text/plain',
    },
    async (_uri, variables) => {
      const api = await provider();
      const asked = { job_id: jobIdOf(variables), task_id: taskIdOf(variables) };
      const { size } = await api.taskOutput({ ...asked, offset: 0, limit: 1 });
      const offset = Math.max(0, size - LOG_CHARACTERS);
      const { text } = await api.taskOutput({ ...asked, offset, limit: LOG_CHARACTERS });
      return text;
    },
  );
  return listJobs;
};

/** Whatever is thrown becomes the protocol's error, without a stack or a cause. */
const guarded = async <T>(uri: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (thrown) {
    throw resourceError(uri, thrown);
  }
};
