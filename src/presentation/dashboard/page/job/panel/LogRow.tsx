import type { ComponentChildren } from 'preact';

type Props = {
  readonly text: string;
  /** Pixels from the log's beginning. */
  readonly top: number;
  readonly words: string;
  readonly current: boolean;
};

/** A row of a log: always text, never markup, with what is searched for marked. */
export const LogRow = ({ text, top, words, current }: Props) => (
  <div
    class={current ? 'task-log-row is-current' : 'task-log-row'}
    style={{ transform: `translateY(${top}px)` }}
  >
    {marked(text, words)}
  </div>
);

const marked = (text: string, words: string): ComponentChildren => {
  if (words === '') return text;
  const parts: ComponentChildren[] = [];
  const low = text.toLowerCase();
  // Some letters change their length with their case: then nothing is marked rather than the wrong place.
  if (low.length !== text.length) return text;
  let at = 0;
  for (
    let next = low.indexOf(words.toLowerCase());
    next !== -1;
    next = low.indexOf(words.toLowerCase(), at)
  ) {
    parts.push(text.slice(at, next), <mark>{text.slice(next, next + words.length)}</mark>);
    at = next + words.length;
  }
  parts.push(text.slice(at));
  return parts;
};
