import type { EventAnswer } from '../../wire/event.ts';
import { printJsonLine } from '../command.ts';
import type { CliClient, CliDeps } from '../deps.ts';
import { eventLine } from '../eventLine.ts';
import { followToEnd } from '../live/follow.ts';
import { printableCell } from '../terminal.ts';

const PAGE = 1000;

export type LogOptions = {
  readonly jobId: string;
  /** Goes on until the job has ended. */
  readonly follow: boolean;
  /** Only so many of the lines that there are. */
  readonly tail?: number | undefined;
  readonly json: boolean;
  readonly signal: AbortSignal;
};

/** Writes a job's events, one a line, the oldest first. */
export const jobLog = async (client: CliClient, deps: CliDeps, o: LogOptions): Promise<void> => {
  const print = (event: EventAnswer): void => {
    if (o.json) printJsonLine(deps, event);
    else deps.stdout(eventLine(event) ?? '');
  };
  const job = o.follow ? await client.whole(o.jobId) : undefined;
  const past = await pastEvents(client, o.jobId, o.signal);
  const worth = o.json ? past : past.filter((event) => eventLine(event) !== undefined);
  for (const event of o.tail === undefined
    ? worth
    : worth.slice(worth.length - Math.min(o.tail, worth.length)))
    print(event);
  if (job === undefined) return;
  await followToEnd(client, job, {
    signal: o.signal,
    after: past.at(-1)?.seq ?? 0,
    onEvent: print,
    onLost: ({ message }) =>
      deps.stderr(`The server cannot be heard, trying again: ${printableCell(message)}\n`),
  });
};

const pastEvents = async (
  client: CliClient,
  jobId: string,
  signal: AbortSignal,
): Promise<readonly EventAnswer[]> => {
  const all: EventAnswer[] = [];
  let after: number | undefined = 0;
  while (after !== undefined && !signal.aborted) {
    const page: Awaited<ReturnType<CliClient['events']>> = await client.events(jobId, after, PAGE);
    all.push(...page.events);
    after = page.next_after;
  }
  return all;
};
