import { useEffect, useRef, useState } from 'preact/hooks';
import type { ApprovalAnswer } from '../../../../wire/approval.ts';
import { approvalNews } from '../../data/approvals.ts';
import { getJson } from '../../data/http.ts';
import { refresher } from '../../data/refresher.ts';

const APART_MS = 250;

export type Known = {
  readonly approval: ApprovalAnswer | undefined;
  readonly error: unknown;
  /** Reads it again soon. */
  readonly refresh: () => void;
};

/** One approval, whole, read again whenever something became of any. What was read stays where a reading fails. */
export const useApproval = (id: string): Known => {
  const [state, set] = useState<Pick<Known, 'approval' | 'error'>>({ approval: undefined, error: undefined });
  const ask = useRef<() => void>(() => {});
  useEffect(() => {
    const closed = new AbortController();
    ask.current = refresher(closed.signal, APART_MS, async () => {
      try {
        const approval = await getJson<ApprovalAnswer>(
          `/api/v1/approvals/${encodeURIComponent(id)}`,
          closed.signal,
        );
        set({ approval, error: undefined });
      } catch (error) {
        if (!closed.signal.aborted) set((before) => ({ ...before, error }));
      }
    });
    ask.current();
    return () => closed.abort();
  }, [id]);
  const news = approvalNews.value;
  const first = useRef(news);
  useEffect(() => {
    if (news !== first.current) ask.current();
  }, [news]);
  return { ...state, refresh: () => ask.current() };
};
