import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';
import type { CliDeps } from './deps.ts';
import { SHELLS } from './shells.ts';

/** Commands whose first argument is a job. */
const TAKE_JOB = ['watch', 'status', 'logs', 'result', 'diff', 'cancel', 'steer'] as const;
/** Longer than this a person does not wait for Tab, milliseconds. */
const PATIENCE_MS = 1500;
const JOBS = 50;

type Choice = { readonly value: string; readonly description: string };

/** The newest jobs; none where no server runs, or none answers in time. Asking must never start one. */
const jobChoices = async (deps: Pick<CliDeps, 'running'>): Promise<readonly Choice[]> => {
  const asked = async (): Promise<readonly Choice[]> => {
    const client = await deps.running({});
    if (client === undefined) return [];
    const { jobs } = await client.list({ limit: JOBS });
    return jobs.map((job) => ({
      value: job.job_id,
      // A tab or a newline would be read as the next choice.
      description: `${job.status}: ${job.request.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')}`,
    }));
  };
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve([]), PATIENCE_MS);
    asked()
      .catch(() => [])
      .then((choices) => {
        clearTimeout(timer);
        resolve(choices);
      });
  });
};

/**
 * Prints what could stand where the cursor is, in the words of the shells' scripts.
 * @param words those of the line behind the program's name; the last one is the one to complete.
 */
export const complete = async (
  program: Command,
  words: readonly string[],
  deps: Pick<CliDeps, 'running'>,
): Promise<void> => {
  const root = tab(program, { completionCommandName: 'completion' });
  const job = TAKE_JOB.find((name) => name === words[0]);
  const choices =
    job === undefined
      ? []
      : [{ value: 'latest', description: 'the newest job' }, ...(await jobChoices(deps))];
  const offer = (name: string, argument: string, offered: readonly Choice[]): void => {
    const place = root.commands.get(name)?.arguments.get(argument);
    if (place === undefined) return;
    place.handler = (add) => {
      for (const { value, description } of offered) add(value, description);
    };
  };
  for (const name of TAKE_JOB) offer(name, 'job', choices);
  offer(
    'completion',
    'shell',
    SHELLS.map((value) => ({ value, description: '' })),
  );
  root.parse([...words]);
};
