import { useEffect, useMemo, useState } from 'preact/hooks';
import type { LogBuffer } from '../model/logBuffer.ts';

type LogSearch = {
  readonly words: string;
  readonly found: readonly number[];
  /** Which of them is the current one. */
  readonly at: number;
  setWords(words: string): void;
  step(by: 1 | -1): void;
};

const REST_MS = 150;

/** Search in a log that grows. @param show brings a row into sight. */
export const useLogSearch = (buffer: LogBuffer, version: number, show: (row: number) => void): LogSearch => {
  const [words, setWords] = useState('');
  const [wanted, setWanted] = useState('');
  const [at, setAt] = useState(0);
  useEffect(() => {
    const timer = setTimeout(() => setWanted(words), REST_MS);
    return () => clearTimeout(timer);
  }, [words]);
  const found = useMemo(() => buffer.find(wanted), [buffer, wanted, version]);
  const go = (index: number): void => {
    const row = found[index];
    if (row === undefined) return;
    setAt(index);
    show(row);
  };
  // The first match is shown as soon as the words are written.
  useEffect(() => go(0), [wanted]);
  return {
    words,
    found,
    at: Math.min(at, Math.max(0, found.length - 1)),
    setWords,
    step: (by) => {
      if (found.length > 0) go((at + by + found.length) % found.length);
    },
  };
};
