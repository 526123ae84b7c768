import type { JobRow } from '../../../wire/jobList.ts';

export type Rows = ReadonlyMap<string, JobRow>;

const ENDED: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled']);

/** A failure is news for a day. */
export const LATELY_MS = 24 * 60 * 60 * 1000;

export const hasEnded = ({ status }: Pick<JobRow, 'status'>): boolean => ENDED.has(status);

export type Overview = {
  /** First what waits for a decision, the longest waiting on top; then what failed lately, the newest on top. */
  readonly wants: readonly JobRow[];
  /** In the order in which they were asked for, the newest on top: rows do not jump while they work. */
  readonly running: readonly JobRow[];
  readonly ended: readonly JobRow[];
};

const endOf = (row: JobRow): string => row.ended_at ?? row.created_at;
const newest =
  (timeOf: (row: JobRow) => string) =>
  (a: JobRow, b: JobRow): number =>
    timeOf(b).localeCompare(timeOf(a)) || b.job_id.localeCompare(a.job_id);

/**
 * Sorts rows into the three parts of the overview. A job that wants a person while it runs stands in the first
 * part only; an ended one stands among the ended too, where one looks for it later.
 * @param now milliseconds. @param seen ids whose failure a person has put aside.
 */
export const arrange = (rows: Iterable<JobRow>, now: number, seen: ReadonlySet<string>): Overview => {
  const all = [...rows];
  const deciding = all.filter((row) => row.attention !== undefined && !seen.has(row.job_id));
  const failed = all.filter(
    (row) =>
      row.status === 'failed' &&
      row.attention === undefined &&
      !seen.has(row.job_id) &&
      now - Date.parse(endOf(row)) < LATELY_MS,
  );
  const atTop = new Set(deciding);
  return {
    wants: [
      ...deciding.toSorted((a, b) => -newest((row) => row.created_at)(a, b)),
      ...failed.toSorted(newest(endOf)),
    ],
    running: all.filter((row) => !hasEnded(row) && !atTop.has(row)).toSorted(newest((row) => row.created_at)),
    ended: all.filter(hasEnded).toSorted(newest(endOf)),
  };
};

export type Counts = {
  /** Calls of workers that wait for a decision. */
  readonly approvals: number;
  readonly wants: number;
  readonly failed: number;
  readonly running: number;
};

/** How many calls and jobs wait for a decision, how many jobs failed lately, and run without wanting anybody. */
export const countsOf = (
  rows: Iterable<JobRow>,
  now: number,
  seen: ReadonlySet<string>,
  approvals: number,
): Counts => {
  const all = [...rows];
  const { wants, running } = arrange(all, now, seen);
  const deciding = wants.filter((row) => row.attention !== undefined).length;
  return { approvals, wants: deciding, failed: wants.length - deciding, running: running.length };
};

/** Rows whose request, folder, branch or id holds every word of `query`. */
export const matching = (rows: readonly JobRow[], query: string): readonly JobRow[] => {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const text = `${row.request} ${row.workspace} ${row.branch ?? ''} ${row.job_id}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
};

/**
 * What a list that was asked for brings in. Rows that the stream told of since then are newer than the
 * list and stay as they are.
 */
export const mergeFetched = (
  current: Rows,
  fetched: readonly JobRow[],
  toldSince: ReadonlySet<string>,
): Rows => {
  const merged = new Map(current);
  for (const row of fetched) if (!toldSince.has(row.job_id)) merged.set(row.job_id, row);
  return merged;
};

/** What a screen reader is told when `row` comes after `before`: only what someone who listens would act on. */
export const announcement = (before: JobRow | undefined, row: JobRow): string | undefined => {
  if (before === undefined) return undefined;
  if (row.attention !== undefined && before.attention === undefined)
    return `${row.request}: wants you. ${row.attention}`;
  if (hasEnded(row) && !hasEnded(before)) return `${row.request}: ${row.status}.`;
  return undefined;
};
