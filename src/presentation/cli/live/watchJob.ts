import type { OrchestratorError } from '../../../domain/errors/index.ts';
import type { JobAnswer } from '../../wire/job.ts';
import { PROGRAM, printJsonLine } from '../command.ts';
import type { CliClient, CliDeps } from '../deps.ts';
import { eventLine } from '../eventLine.ts';
import { printableCell } from '../terminal.ts';
import { type Follow, followToEnd } from './follow.ts';
import { viewLive } from './liveView.ts';

/** What a shell gives to a program that Ctrl-C ended. */
export const INTERRUPTED = 130;

export type WatchOptions = {
  /** One line an event, also on a terminal. */
  readonly plain: boolean;
  /** `lines`: one JSON object an event. `none`: nothing is shown on the way. */
  readonly json: 'no' | 'lines' | 'none';
};

/**
 * Shows what happens to a job until it ends. On a terminal it is one view, redrawn in place; on a pipe, a dumb
 * terminal or with `plain` one line an event, from the first. Ctrl-C tells that the job goes on, and the second
 * one leaves; neither ends the job.
 * @returns the job at its end; undefined where the person left before.
 */
export const watchJob = async (
  client: CliClient,
  jobId: string,
  deps: CliDeps,
  o: WatchOptions,
): Promise<JobAnswer | undefined> => {
  const left = new AbortController();
  let say = deps.stderr;
  let told = false;
  const stopHearing = deps.onInterrupt(() => {
    if (told) left.abort();
    else say(`\n${goesOn(jobId)}`);
    told = true;
  });
  const following = {
    signal: left.signal,
    onLost: (error: OrchestratorError) => say(lostText(error)),
  };
  try {
    const ended = await show(client, jobId, deps, o, following, (newSay) => {
      say = newSay;
    });
    return ended ? await client.status(jobId) : undefined;
  } catch (error) {
    if (left.signal.aborted) return undefined;
    throw error;
  } finally {
    stopHearing();
  }
};

const goesOn = (jobId: string): string =>
  [
    'The job goes on; Ctrl-C again leaves it running.',
    `  watch it:  ${PROGRAM} watch ${jobId}`,
    `  cancel it: ${PROGRAM} cancel ${jobId}`,
    '',
  ].join('\n');

const lostText = (error: OrchestratorError): string =>
  `The server cannot be heard, trying again: ${printableCell(error.message)}\n`;

const show = async (
  client: CliClient,
  jobId: string,
  deps: CliDeps,
  { plain, json }: WatchOptions,
  following: Pick<Follow, 'signal' | 'onLost'>,
  sayBy: (say: (text: string) => void) => void,
): Promise<boolean> => {
  const { screen } = deps;
  if (json === 'no' && !plain && screen !== undefined) {
    return viewLive(
      client,
      jobId,
      { ...deps, screen },
      {
        ...following,
        onFrame: (frame) => sayBy(frame.above),
      },
    );
  }
  const job = await client.whole(jobId);
  return followToEnd(client, job, {
    ...following,
    after: json === 'none' ? job.seq : 0,
    onEvent: (event) => {
      if (json === 'lines') printJsonLine(deps, event);
      if (json === 'no') deps.stdout(eventLine(event) ?? '');
    },
  });
};

/** 0 where the job succeeded; 1 where it failed or was cancelled. */
export const jobExit = (job: JobAnswer): number => (job.status === 'succeeded' ? 0 : 1);
