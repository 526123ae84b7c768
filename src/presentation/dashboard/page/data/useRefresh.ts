import { useCallback, useEffect, useRef } from 'preact/hooks';

/** Between two refreshes: happenings come in swarms. */
const APART_MS = 3000;

/**
 * Loads at once and then whenever the returned function is called, at most once in `APART_MS`; a call in
 * between is made up for at its end. A failed load is left to `onError`, or waits for the next call.
 */
export const useRefresh = (
  load: (signal: AbortSignal) => Promise<void>,
  onError: (error: unknown) => void = () => {},
): (() => void) => {
  const latest = useRef({ load, onError });
  latest.current = { load, onError };
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const lastAt = useRef(Number.NEGATIVE_INFINITY);
  const closed = useRef(new AbortController());

  const run = useCallback(() => {
    timer.current = undefined;
    lastAt.current = performance.now();
    const { signal } = closed.current;
    latest.current.load(signal).catch((error: unknown) => {
      if (!signal.aborted) latest.current.onError(error);
    });
  }, []);

  useEffect(() => {
    closed.current = new AbortController();
    run();
    return () => {
      closed.current.abort();
      clearTimeout(timer.current);
    };
  }, [run]);

  return useCallback(() => {
    timer.current ??= setTimeout(run, Math.max(0, lastAt.current + APART_MS - performance.now()));
  }, [run]);
};
