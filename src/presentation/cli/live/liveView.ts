import type { WholeJobAnswer } from '../../wire/wholeJob.ts';
import type { CliClient, CliDeps, Screen } from '../deps.ts';
import { painter } from '../terminal.ts';
import { type Follow, followToEnd } from './follow.ts';
import { createFrame, type Frame } from './frame.ts';
import { jobLines } from './jobLines.ts';

/** A person does not see more, and a burst of events is one look at the job. */
const TICK_MS = 250;
/** Looking at a large job must not be what its server does all day. */
const REST = 4;

/**
 * Shows a job on a terminal, redrawn in place, until it has ended.
 * @param o.onFrame is given the frame, so that what has to be said can be put above it.
 * @returns false where the signal ended it before.
 */
export const viewLive = async (
  client: Pick<CliClient, 'whole' | 'jobEvents'>,
  jobId: string,
  deps: Pick<CliDeps, 'stdout' | 'color' | 'now'> & { readonly screen: Screen },
  o: {
    readonly signal: AbortSignal;
    readonly onFrame: (frame: Frame) => void;
    readonly onLost: Follow['onLost'];
  },
): Promise<boolean> => {
  const { screen, now } = deps;
  const frame = createFrame(deps.stdout, screen.columns);
  const paint = painter(deps.color.stdout);
  let job = await client.whole(jobId);
  const draw = (): void =>
    frame.draw(jobLines(job, { columns: screen.columns(), rows: screen.rows(), now: now(), paint }));
  o.onFrame(frame);
  draw();

  const failed = new AbortController();
  const look = createLook(client, jobId, now, {
    onJob: (newer) => {
      job = newer;
      draw();
    },
    onError: (error) => failed.abort(error),
  });
  const stops = [
    screen.onResize(draw),
    screen.every(TICK_MS, () => {
      look.ifDue();
      draw();
    }),
  ];
  try {
    const ended = await followToEnd(client, job, {
      signal: AbortSignal.any([o.signal, failed.signal]),
      after: job.seq,
      onEvent: look.wanted,
      onLost: o.onLost,
    });
    failed.signal.throwIfAborted();
    if (ended) {
      job = await client.whole(jobId);
      draw();
    }
    return ended;
  } finally {
    for (const stop of stops) stop();
    look.stop();
  }
};

/** Fetches the job anew where something happened: one call at a time, with a rest in between. */
const createLook = (
  client: Pick<CliClient, 'whole'>,
  jobId: string,
  now: () => number,
  o: { readonly onJob: (job: WholeJobAnswer) => void; readonly onError: (error: unknown) => void },
) => {
  let wanted = false;
  let busy = false;
  let stopped = false;
  let next = 0;
  const fetchJob = async (): Promise<void> => {
    const started = now();
    const job = await client.whole(jobId);
    next = now() + REST * (now() - started);
    if (!stopped) o.onJob(job);
  };
  return {
    wanted: (): void => {
      wanted = true;
    },
    ifDue: (): void => {
      if (!wanted || busy || now() < next) return;
      wanted = false;
      busy = true;
      fetchJob()
        .catch((error: unknown) => {
          if (!stopped) o.onError(error);
        })
        .finally(() => {
          busy = false;
        });
    },
    stop: (): void => {
      stopped = true;
    },
  };
};
