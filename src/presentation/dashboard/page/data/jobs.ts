import { computed, signal } from '@preact/signals';
import type { FollowedEvent } from '../../../wire/event.ts';
import type { JobListAnswer, JobRow } from '../../../wire/jobList.ts';
import { now } from '../ui/clock.ts';
import { openCount, refreshApprovals } from './approvals.ts';
import { getJson, jsonOf } from './http.ts';
import { announcement, countsOf, mergeFetched, type Rows } from './overview.ts';
import { remembered } from './remembered.ts';
import { openSharedStream } from './sharedStream.ts';
import { spoken } from './spoken.ts';
import type { StreamState } from './stream.ts';

const PAGE = 50;
const OPEN_STATES = ['planning', 'running', 'integrating'] as const;
/** Several rows a second a job come in: they are drawn together. */
const DRAW_MS = 200;
const SEEN_KEPT = 300;

export const rows = signal<Rows>(new Map());
/** False until the first list is here: an empty page must not say "nothing" before it knows. */
export const loaded = signal(false);
export const loadError = signal<unknown>(undefined);
export const connection = signal<StreamState>('connecting');
/** Counts every happening of any job: pages that show more than rows watch it to know when to look again. */
export const happenings = signal(0);

const seenIds = remembered<readonly string[]>('seen', []);
export const seen = computed<ReadonlySet<string>>(() => new Set(seenIds.value));

/** Puts a job's failure or attention aside, in this browser. */
export const markSeen = (jobId: string): void => {
  seenIds.value = [...seenIds.value.filter((id) => id !== jobId), jobId].slice(-SEEN_KEPT);
};

export const counts = computed(() =>
  loaded.value ? countsOf(rows.value.values(), now.value, seen.value, openCount.value) : undefined,
);

/** For each fetch under way: the rows that the stream told of since it began. */
const fetches = new Set<Set<string>>();
let pending = new Map<string, JobRow>();
let drawing: ReturnType<typeof setTimeout> | undefined;

const draw = (): void => {
  clearTimeout(drawing);
  drawing = undefined;
  const told = [...pending.values()];
  pending = new Map();
  const words = told.flatMap((row) => announcement(rows.value.get(row.job_id), row) ?? []);
  if (words.length > 0) spoken.value = words.join(' ');
  // A job that wants someone again is news again.
  const again = told.filter((row) => {
    const before = rows.value.get(row.job_id);
    return before !== undefined && before.attention === undefined && row.attention !== undefined;
  });
  if (again.some((row) => seen.value.has(row.job_id)))
    seenIds.value = seenIds.value.filter((id) => !again.some((row) => row.job_id === id));
  rows.value = mergeFetched(rows.value, told, new Set());
};

const take = (row: JobRow): void => {
  for (const told of fetches) told.add(row.job_id);
  pending.set(row.job_id, row);
  drawing ??= setTimeout(draw, DRAW_MS);
};

/** One page of the list, newest first, also put among the rows. @throws ProblemError */
export const fetchPage = async (
  query: { readonly status?: JobRow['status']; readonly cursor?: string; readonly limit?: number },
  signal?: AbortSignal,
): Promise<JobListAnswer> => {
  const search = new URLSearchParams({ limit: String(query.limit ?? PAGE) });
  if (query.status !== undefined) search.set('status', query.status);
  if (query.cursor !== undefined) search.set('cursor', query.cursor);
  // What was told before this moment is older than the answer.
  if (drawing !== undefined) draw();
  const told = new Set<string>();
  fetches.add(told);
  try {
    const page = await getJson<JobListAnswer>(`/api/v1/jobs?${search}`, signal);
    rows.value = mergeFetched(rows.value, page.jobs, told);
    return page;
  } finally {
    fetches.delete(told);
  }
};

/** The newest jobs, and whatever is still open or failed lately however old it is. */
const loadAll = async (signal: AbortSignal): Promise<void> => {
  try {
    const first = await fetchPage({}, signal);
    // The newest are shown at once; the open and the failed ones among the older join them.
    loaded.value = true;
    loadError.value = undefined;
    if (first.next_cursor !== undefined) {
      await Promise.all(([...OPEN_STATES, 'failed'] as const).map((status) => fetchPage({ status }, signal)));
    }
  } catch (error) {
    if (!signal.aborted) loadError.value = error;
  }
};

let reload = (): void => {};

/** Fetches the lists anew. */
export const reloadJobs = (): void => reload();

/**
 * Follows all jobs: opens the stream, and fetches the lists each time that it has come to life, so that nothing
 * that happened in between is missed.
 * @returns how to stop, which also forgets what was there.
 */
export const followJobs = (): (() => void) => {
  let fetching = new AbortController();
  reload = () => {
    fetching.abort();
    fetching = new AbortController();
    void loadAll(fetching.signal);
  };
  const close = openSharedStream('/api/v1/events', {
    onEvent: (type, data) => {
      if (type === 'job') take(jsonOf<JobRow>(data));
      else if (type === 'happening') {
        happenings.value += 1;
        if (jsonOf<FollowedEvent>(data).type.startsWith('approval.')) refreshApprovals();
      }
    },
    onState: (state) => {
      connection.value = state;
      if (state !== 'live') return;
      reload();
      refreshApprovals();
    },
  });
  return () => {
    close();
    fetching.abort();
    clearTimeout(drawing);
    drawing = undefined;
    pending = new Map();
    rows.value = new Map();
    loaded.value = false;
    connection.value = 'connecting';
  };
};
