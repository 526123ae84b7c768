import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { JobRow } from '../../../../wire/jobList.ts';
import { fetchPage } from '../../data/jobs.ts';
import { hasEnded } from '../../data/overview.ts';

export type Older = {
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  readonly error: unknown;
  readonly load: () => void;
};

type Place = { readonly cursor: string | undefined; readonly hasMore: boolean };

const START: Place = { cursor: undefined, hasMore: true };

/**
 * Pages of ended jobs by the server's cursor, into the rows that all share. A page may hold only jobs that
 * still run: then the next one is asked for at once.
 */
export const useOlder = (status: JobRow['status'] | undefined): Older => {
  const place = useRef(START);
  const asking = useRef(new AbortController());
  const [shown, show] = useState<Omit<Older, 'load'>>({
    hasMore: true,
    isLoading: false,
    error: undefined,
  });

  const load = useCallback(() => {
    const { signal } = asking.current;
    const next = async (): Promise<void> => {
      show({ hasMore: true, isLoading: true, error: undefined });
      let found = false;
      while (!found && place.current.hasMore) {
        const { cursor } = place.current;
        const page = await fetchPage(
          { ...(status === undefined ? {} : { status }), ...(cursor === undefined ? {} : { cursor }) },
          signal,
        );
        place.current = { cursor: page.next_cursor, hasMore: page.next_cursor !== undefined };
        found = page.jobs.some(hasEnded);
      }
      show({ hasMore: place.current.hasMore, isLoading: false, error: undefined });
    };
    next().catch((error: unknown) => {
      if (!signal.aborted) show({ hasMore: place.current.hasMore, isLoading: false, error });
    });
  }, [status]);

  useEffect(() => {
    place.current = START;
    asking.current = new AbortController();
    load();
    return () => asking.current.abort();
  }, [load]);

  return { ...shown, load };
};
