import type { DiffRow } from './diffLines.ts';
import type { WholeTask } from './wire.ts';

const LONGEST_QUOTE = 400;

/** A remark on a line of the diff, as the worker gets it. A line that was taken out is named as such. */
export const commentMessage = (path: string, row: DiffRow, words: string): string => {
  const place =
    row.kind === 'hunk'
      ? path
      : row.after !== undefined
        ? `${path}:${row.after}`
        : `${path}:${row.before ?? ''} (line that was taken out)`;
  const quote = row.text.length > LONGEST_QUOTE ? `${row.text.slice(0, LONGEST_QUOTE)}…` : row.text;
  return `A comment on the changes so far, at ${place}\n> ${quote.trim() === '' ? '(empty line)' : quote}\n\n${words.trim()}`;
};

/** The tasks that can hear a message now, those that have to do with `path` first. */
export const listeners = (tasks: readonly WholeTask[], path: string): readonly WholeTask[] => {
  const near = (task: WholeTask): boolean =>
    task.files_changed.includes(path) ||
    (task.writes ?? []).some((glob) => path.startsWith(glob.replace(/\*.*$/, '')));
  const live = tasks.filter((task) => task.status === 'running' || task.status === 'verifying');
  return [...live.filter(near), ...live.filter((task) => !near(task))];
};
