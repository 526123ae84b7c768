import { type Happening, happeningSchema } from '../../domain/events.ts';
import { TERMINAL_JOB } from '../../domain/job.ts';
import type { EventAnswer } from '../wire/event.ts';
import { happeningText } from '../wire/happeningText.ts';
import { approveCommand } from './approval/approvalParts.ts';
import { printableCell } from './terminal.ts';

const camelKey = (key: string): string =>
  key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The happening that an event of the wire carries; undefined where a newer server speaks of what is not known here. */
export const happeningOf = (event: EventAnswer): Happening | undefined =>
  happeningSchema.safeParse(
    Object.fromEntries(Object.entries(event).map(([key, value]) => [camelKey(key), value])),
  ).data;

/** `hh:mm:ss` of the machine that shows it. */
const clock = (at: string): string => new Date(at).toTimeString().slice(0, 8);

/** An event as a line with its newline, or undefined where it is not worth one. */
export const eventLine = (event: EventAnswer): string | undefined => {
  const happening = happeningOf(event);
  const text = happening === undefined ? event.type : happeningText(happening);
  if (text === undefined) return undefined;
  const toType = happening?.type === 'approval.requested' ? `: ${approveCommand(happening.approvalId)}` : '';
  return `${clock(event.at)} ${printableCell(text)}${toType}\n`;
};

/** The states in which nothing of a job runs. A retry can take a failed one up again. */
export const ENDED: ReadonlySet<string> = TERMINAL_JOB;

/** True where the job ends with this event. */
export const isEnd = (event: EventAnswer): boolean =>
  event.type === 'job.status' && ENDED.has(String(event.to));
