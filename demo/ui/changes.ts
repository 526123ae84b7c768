import type { JobAnswer, TaskAnswer } from '../answers.ts';

/** Words by which a progress message tells a status. What is in no list here is not worth a line. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  running: ['started', 'repairing', 'running'],
  parked: ['parked', 'approval'],
  verifying: ['verifying'],
  done: ['done'],
  integrating: ['merging', 'merged'],
  succeeded: ['succeeded'],
  failed: ['failed'],
  skipped: ['skipped'],
  cancelled: ['cancelled'],
};

const sentence = (task: TaskAnswer): string => {
  if (task.status === 'done') return `${task.id} done (${task.verification})`;
  return task.attempts > 1
    ? `${task.id} ${task.status}, attempt ${task.attempts}`
    : `${task.id} ${task.status}`;
};

/**
 * Says what changed between two answers, one line a change, for what no progress message has told: a message that
 * comes together with the answer of its call is dropped by the MCP client (2.4), so messages alone would have holes.
 * @param told messages heard since `before`
 */
export const changes = (
  before: JobAnswer | undefined,
  after: JobAnswer,
  told: readonly string[],
): readonly string[] => {
  const messages = told.map((message) => new Set(message.split(/[^A-Za-z0-9._-]+/)));
  const isTold = (status: string, id?: string): boolean =>
    messages.some(
      (words) => (id === undefined || words.has(id)) && WORDS[status]?.some((word) => words.has(word)),
    );
  const isNews = (status: string, id?: string): boolean => status in WORDS && !isTold(status, id);
  const old = new Map(before?.tasks.map((task) => [task.id, task]));
  const tasks = after.tasks
    .filter((task) => {
      const known = old.get(task.id);
      return known?.status !== task.status || known.attempts !== task.attempts;
    })
    .filter((task) => isNews(task.status, task.id))
    .map(sentence);
  return before?.status !== after.status && isNews(after.status) ? [...tasks, after.status] : tasks;
};
