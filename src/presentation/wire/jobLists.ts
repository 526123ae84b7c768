import type { JobView } from '../../application/api.ts';
import type { Task } from '../../domain/task.ts';
import { fitList, SHARE } from './answerSize.ts';
import { inertLine } from './inertText.ts';
import { type TaskAnswer, taskToWire } from './task.ts';

/** What went wrong first, then what is under way: where a list must be cut, the rest is the least missed. */
const RANK: Readonly<Record<Task['status'], number>> = {
  failed: 0,
  cancelled: 1,
  skipped: 1,
  parked: 1,
  running: 2,
  verifying: 2,
  ready: 3,
  waiting: 4,
  done: 5,
};

type Lists = {
  readonly tasks: readonly TaskAnswer[];
  readonly files: readonly string[];
  readonly omitted: { readonly tasks: number; readonly files_changed: number } | undefined;
};

/** The lists of a job, each cut to its `SHARE` of an answer, and how many entries of each were left out. */
export const fittedLists = (
  { job, tasks }: JobView,
  options: {
    /** Characters of each task's last words. */
    readonly summaryCharacters?: number | undefined;
    /** Bytes for the list of tasks. */
    readonly listBytes?: number | undefined;
  },
): Lists => {
  // Many tasks: first their words are shortened, only then tasks are left out.
  const characters = options.summaryCharacters ?? (tasks.length > 40 ? 120 : 400);
  const fitted = fitList(
    tasks.map((task) => taskToWire(task, characters)),
    options.listBytes ?? SHARE.list,
    (task) => RANK[task.status],
  );
  const files = fitList(
    job.filesChanged.slice(0, 200).map((path) => inertLine(path, 300)),
    SHARE.files,
    () => 0,
  );
  const lost = { tasks: fitted.omitted, files_changed: job.filesChanged.length - files.kept.length };
  return {
    tasks: fitted.kept,
    files: files.kept,
    omitted: lost.tasks + lost.files_changed > 0 ? lost : undefined,
  };
};
