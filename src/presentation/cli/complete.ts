import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';
import { visibleLine } from '../../domain/visibleText.ts';
import type { CliClient, CliDeps } from './deps.ts';
import { SHELLS } from './shells.ts';

/** Commands whose first argument is a job. */
const TAKE_JOB = ['watch', 'status', 'logs', 'result', 'diff', 'cancel', 'steer'] as const;
/** Commands whose first argument is an approval. */
const TAKE_APPROVAL = ['approve', 'deny'] as const;
/** Longer than this a person does not wait for Tab, milliseconds. */
const PATIENCE_MS = 1500;
const SHOWN = 50;

type Choice = { readonly value: string; readonly description: string };

/** What a server that runs has; nothing where none runs, or none answers in time. Asking must never start one. */
const asked = async (
  deps: Pick<CliDeps, 'running'>,
  ask: (client: CliClient) => Promise<readonly Choice[]>,
): Promise<readonly Choice[]> => {
  const choices = async (): Promise<readonly Choice[]> => {
    const client = await deps.running({});
    return client === undefined ? [] : ask(client);
  };
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve([]), PATIENCE_MS);
    choices()
      .catch(() => [])
      .then((found) => {
        clearTimeout(timer);
        resolve(found);
      });
  });
};

/** The newest jobs. */
const jobChoices = async (client: CliClient): Promise<readonly Choice[]> =>
  (await client.list({ limit: SHOWN })).jobs.map((job) => ({
    value: job.job_id,
    // A tab or a newline would be read as the next choice.
    description: `${job.status}: ${job.request.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')}`,
  }));

/** The approvals that are open. */
const approvalChoices = async (client: CliClient): Promise<readonly Choice[]> =>
  (await client.approvals({ limit: SHOWN })).approvals.map(({ approval_id, risk, command }) => ({
    value: approval_id,
    description: `${risk}: ${visibleLine(command, 60)}`,
  }));

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
  const approval = TAKE_APPROVAL.find((name) => name === words[0]);
  const offer = (name: string, argument: string, offered: readonly Choice[]): void => {
    const place = root.commands.get(name)?.arguments.get(argument);
    if (place === undefined) return;
    place.handler = (add) => {
      for (const { value, description } of offered) add(value, description);
    };
  };
  if (job !== undefined) {
    const newest = { value: 'latest', description: 'the newest job' };
    offer(job, 'job', [newest, ...(await asked(deps, jobChoices))]);
  }
  if (approval !== undefined) offer(approval, 'approval', await asked(deps, approvalChoices));
  offer(
    'completion',
    'shell',
    SHELLS.map((value) => ({ value, description: '' })),
  );
  root.parse([...words]);
};
