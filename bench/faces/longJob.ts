import { write, writeTool } from '../../demo/scripted-api.ts';
import type { Ground } from '../contest/contender.ts';
import { WORKERS } from '../contest/contender.ts';
import { eventually } from './eventually.ts';
import type { LocalServer } from './localServer.ts';

const TASKS = 16;
const ANSWERS = 40;

/**
 * What the workers of the job do while others are measured. `silent`: the model never answers, they only wait.
 * `working`: each gets an answer every three seconds, a shell command that it runs, forty times.
 */
export type Work = 'silent' | 'working';

const ANSWER_MS = { silent: 3_600_000, working: 3000 } satisfies Record<Work, number>;

const promptOf = (task: number, work: Work): string => {
  const steps = Array.from({ length: ANSWERS }, (_, step) =>
    writeTool('Bash', {
      command: `echo "task ${task}, step ${step}" >> note-${task}.txt`,
      description: 'Note',
    }),
  );
  const script = [write('delay', String(ANSWER_MS[work])), ...steps, write('text', 'It is written.')];
  return `Write note-${task}.txt.\n${write('begin')}${script.join('')}${write('end')}`;
};

/** What `orchestrate` is called with. */
export const longJobBody = (ground: Ground, work: Work) => ({
  request: 'Write all notes.',
  workspace: ground.repository,
  tasks: Array.from({ length: TASKS }, (_, task) => ({
    id: `note-${task}`,
    title: `Note ${task}`,
    prompt: promptOf(task, work),
  })),
  max_workers: WORKERS,
});

export type LongJob = {
  readonly id: string;
  /** A task that has a worker. */
  readonly task: string;
};

/** Starts a job of 16 tasks on four workers that outlasts what is measured beside it; resolves when all four work. */
export const startLongJob = async (
  ground: Ground,
  { client }: Pick<LocalServer, 'client'>,
  work: Work,
): Promise<LongJob> => {
  const { job_id: id } = await client.submit(longJobBody(ground, work));
  const task = await eventually(
    `${WORKERS} workers at work`,
    async () => {
      const { workers } = await client.workers();
      return workers.length === WORKERS ? workers[0]?.task_id : undefined;
    },
    { deadlineMs: 60_000, signal: ground.signal },
  );
  return { id, task };
};
