import type { Attempt } from './attempts.ts';
import { type CriticalPath, criticalPathOf, hasCircle, type PathNode } from './criticalPath.ts';
import type { WholeTask } from './wire.ts';

const LIVE: ReadonlySet<string> = new Set(['running', 'verifying']);

/** Seconds that a task has taken: what is booked of it, or where it runs, what its attempts took until `now`. */
export const secondsOf = (
  task: Pick<WholeTask, 'status' | 'seconds'>,
  attempts: readonly Attempt[],
  now: number,
): number => {
  const seen = attempts.reduce(
    (sum, attempt) =>
      sum +
      ((attempt.outcome === 'running' && attempt.segments.at(-1)?.kind !== 'asking' ? now : attempt.to) -
        attempt.from -
        askingOf(attempt)) /
        1000,
    0,
  );
  return LIVE.has(task.status) ? Math.max(task.seconds, seen) : task.seconds > 0 ? task.seconds : seen;
};

/** Milliseconds in which nobody worked, since a person was asked. */
const askingOf = ({ segments }: Attempt): number =>
  segments.reduce((sum, part) => sum + (part.kind === 'asking' ? part.to - part.from : 0), 0);

/**
 * The nodes of the critical path: tasks that have not begun weigh as much as the finished ones did on the
 * average, so that the chain means something while the job runs.
 */
const pathNodes = (
  tasks: readonly WholeTask[],
  seconds: (task: WholeTask) => number,
  before: (task: WholeTask) => readonly string[],
): readonly PathNode[] => {
  const finished = tasks.filter((task) => task.status === 'done').map(seconds);
  const average =
    finished.length === 0 ? 1 : finished.reduce((sum, value) => sum + value, 0) / finished.length;
  return tasks.map((task) => ({
    id: task.id,
    dependsOn: before(task),
    weight:
      task.status === 'waiting' || task.status === 'ready' ? Math.max(average, seconds(task)) : seconds(task),
  }));
};

/** Everything that a task waits for: what was asked, and what the scheduler ordered. */
export const waitsFor = (task: Pick<WholeTask, 'depends_on' | 'ordered_after'>): readonly string[] => [
  ...new Set([...task.depends_on, ...task.ordered_after]),
];

/** The critical path; an order that the scheduler made counts, unless retries turned it into a circle. */
export const criticalTasks = (
  tasks: readonly WholeTask[],
  seconds: (task: WholeTask) => number,
): CriticalPath => {
  const all = pathNodes(tasks, seconds, waitsFor);
  return criticalPathOf(hasCircle(all) ? pathNodes(tasks, seconds, (task) => task.depends_on) : all);
};
