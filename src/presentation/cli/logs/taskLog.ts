import { printJsonLine } from '../command.ts';
import type { CliClient, CliDeps } from '../deps.ts';
import { followToEnd } from '../live/follow.ts';
import { printableCell, printableText } from '../terminal.ts';
import type { LogOptions } from './jobLog.ts';

const PAGE = 200_000;

/** Writes what the worker of a task said; with `json` pieces of it, an object a line. */
export const taskLog = async (
  client: CliClient,
  deps: CliDeps,
  o: LogOptions & { readonly taskId: string },
): Promise<void> => {
  const asked = { job_id: o.jobId, task_id: o.taskId };
  const print = (offset: number, text: string): void => {
    if (text === '') return;
    if (o.json) printJsonLine(deps, { ...asked, offset, text });
    else deps.stdout(printableText(text));
  };
  const onLost = ({ message }: { readonly message: string }): void =>
    deps.stderr(`The server cannot be heard, trying again: ${printableCell(message)}\n`);

  const job = o.follow ? await client.whole(o.jobId) : undefined;
  const past = await pastText(client, asked, 0, o.signal);
  const shown = o.tail === undefined ? past.text : lastLines(past.text, o.tail);
  print(past.text.length - shown.length, shown);
  if (job !== undefined) {
    // Whatever the worker says after the job's end is said by nobody: the stream need not be waited for.
    const over = new AbortController();
    let last = { offset: past.end, text: '' };
    const stream = client.taskLog(o.jobId, o.taskId, {
      offset: past.end,
      signal: AbortSignal.any([o.signal, over.signal]),
      onLost,
      onText: (text, { offset }) => {
        if (over.signal.aborted) return;
        print(offset, text);
        last = { offset, text };
      },
    });
    const ended = followToEnd(client, job, {
      signal: AbortSignal.any([o.signal, over.signal]),
      after: job.seq,
      onEvent: () => {},
      onLost: () => {},
    });
    try {
      await Promise.race([stream, ended]);
    } finally {
      over.abort();
      await Promise.allSettled([stream, ended]);
    }
    // The end of the job can be faster than the last words. A piece is shorter than what it stands for where
    // something was taken out of it: the last one is read anew, and what was printed of it is left out.
    const rest = await pastText(client, asked, last.offset, o.signal);
    print(last.offset + last.text.length, rest.text.slice(last.text.length));
  }
};

const pastText = async (
  client: CliClient,
  asked: { readonly job_id: string; readonly task_id: string },
  from: number,
  signal: AbortSignal,
): Promise<{ readonly text: string; readonly end: number }> => {
  let text = '';
  let end = from;
  let next: number | undefined = from;
  while (next !== undefined && !signal.aborted) {
    const page: Awaited<ReturnType<CliClient['taskOutput']>> = await client.taskOutput({
      ...asked,
      offset: next,
      limit: PAGE,
    });
    text += page.text;
    end = page.next_offset ?? Math.max(next, page.size);
    next = page.next_offset;
  }
  return { text, end };
};

const lastLines = (text: string, count: number): string => {
  if (count === 0) return '';
  const lines = text.split('\n');
  // What ends with a newline has no last line behind it.
  const kept = text.endsWith('\n') ? count + 1 : count;
  return lines.slice(-kept).join('\n');
};
