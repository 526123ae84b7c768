import { computed, signal } from '@preact/signals';
import type { ApprovalListAnswer, ApprovalRow } from '../../../wire/approval.ts';
import { inOrder, newsOf } from './approvalList.ts';
import { getJson } from './http.ts';
import { refresher } from './refresher.ts';
import { spoken } from './spoken.ts';

const LIMIT = 100;
/** The server gives fifty at a time; whoever has more than these to decide sees the rest as they come up. */
const MOST = 200;
const APART_MS = 250;

/** What waits for a decision, the longest waiting first; undefined until it is known. */
export const openApprovals = signal<readonly ApprovalRow[] | undefined>(undefined);
/** More wait than are here. */
export const moreApprovals = signal(false);
export const approvalsError = signal<unknown>(undefined);
/** Counts what became of approvals: pages that show more than rows watch it to know when to look again. */
export const approvalNews = signal(0);

export const openCount = computed(() => openApprovals.value?.length ?? 0);
/** `3`, or `200+` where there are more than are read. */
export const openCountText = computed(() => `${openCount.value}${moreApprovals.value ? '+' : ''}`);

let ask = (): void => {};

/** Reads anew what waits: after a happening, a break of the stream, a decision. */
export const refreshApprovals = (): void => {
  approvalNews.value += 1;
  ask();
};

const readOpen = async (
  signal: AbortSignal,
): Promise<{ readonly found: readonly ApprovalRow[]; readonly hasMore: boolean }> => {
  const found = new Map<string, ApprovalRow>();
  let cursor: string | undefined;
  do {
    const search = new URLSearchParams({ limit: String(LIMIT), ...(cursor === undefined ? {} : { cursor }) });
    const page = await getJson<ApprovalListAnswer>(`/api/v1/approvals?${search}`, signal);
    for (const row of page.approvals) found.set(row.approval_id, row);
    cursor = page.next_cursor;
  } while (cursor !== undefined && found.size < MOST);
  return { found: [...found.values()], hasMore: cursor !== undefined };
};

/** Keeps `openApprovals` up for as long as somebody is signed in. @returns how to stop, which forgets them too. */
export const followApprovals = (): (() => void) => {
  const closed = new AbortController();
  ask = refresher(closed.signal, APART_MS, async () => {
    try {
      const { found, hasMore } = await readOpen(closed.signal);
      const rows = inOrder(found);
      const news = newsOf(openApprovals.value, rows);
      openApprovals.value = rows;
      moreApprovals.value = hasMore;
      approvalsError.value = undefined;
      if (news !== undefined) spoken.value = news;
    } catch (error) {
      if (!closed.signal.aborted) approvalsError.value = error;
    }
  });
  return () => {
    closed.abort();
    ask = () => {};
    openApprovals.value = undefined;
    moreApprovals.value = false;
  };
};
