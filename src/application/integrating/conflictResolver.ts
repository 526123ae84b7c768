import { ConflictError } from '../../domain/errors/index.ts';
import type { Commit, TaskId } from '../../domain/ids.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Task } from '../../domain/task.ts';
import { conflictBranch, taskBranch } from '../branches.ts';
import type { JobJournal } from '../journal.ts';
import type { Repository } from '../ports/repository.ts';
import type { TurnResult, WorkerEvent, WorkerSession } from '../ports/worker.ts';
import type { Deadline } from '../supervising/deadline.ts';
import { repairPrompt } from '../verifying/repairPrompt.ts';
import type { Verifier } from '../verifying/verifier.ts';
import { conflictPrompt, stillConflictingPrompt, verifications } from './conflictPrompt.ts';
import type { Conflict } from './merger.ts';

export type ResolverDeps = {
  readonly journal: JobJournal;
  readonly repository: Repository;
  readonly verifier: Verifier;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly deadline: Deadline;
  /** A fresh worktree, set up as a lane's. */
  readonly worktree: (name: string, commit: Commit) => Promise<string>;
  readonly open: (folder: string) => Promise<WorkerSession>;
  readonly onEvent: (taskId: TaskId, event: WorkerEvent) => void;
  readonly model: string | undefined;
  /** What the resolver has cost so far, after each turn. */
  readonly onSpent: (result: TurnResult) => void;
};

/** The job cannot go on without a person; both sides are kept under these refs. */
export class UnresolvedConflictError extends ConflictError {
  readonly refs: readonly string[];

  constructor(message: string, refs: readonly string[]) {
    super(message, {
      hint: 'Look at both branches, merge them by hand or give a task that does, then job_steer retry; or job_cancel. Nothing was deleted.',
      context: { refs },
    });
    this.refs = refs;
  }
}

/**
 * Gives a merge conflict to a worker that has both sides before it. The merge counts only when no marker is
 * left and the verifications of both sides are green on it. Two rounds, then a person is asked.
 */
export const resolveConflict = async (d: ResolverDeps, conflict: Conflict): Promise<Commit> => {
  const theirs = d.journal.task(conflict.theirs.taskId);
  const ours = await sideOf(d, conflict.ours, theirs);
  await d.journal.note({ type: 'conflict.found', taskId: theirs.spec.id, files: conflict.files });
  const branch = conflictBranch(d.journal.job.id, theirs.spec.id);
  const folder = await d.worktree(`conflict-${theirs.spec.id}`, conflict.ours);
  try {
    await d.repository.switchTo(folder, branch, conflict.ours);
    await d.repository.startMerge(folder, conflict.theirs.commit);
    const session = await d.open(folder);
    try {
      const commit = await rounds(d, session, folder, conflict, ours, theirs);
      await d.journal.note({ type: 'conflict.resolved', taskId: theirs.spec.id, commit });
      return commit;
    } finally {
      await session.end();
    }
  } finally {
    await d.repository.removeWorktree(folder);
  }
};

const rounds = async (
  d: ResolverDeps,
  session: WorkerSession,
  folder: string,
  conflict: Conflict,
  ours: readonly Task[],
  theirs: Task,
): Promise<Commit> => {
  let prompt = conflictPrompt({ folder, files: conflict.files, ours, theirs });
  let why = '';
  for (let round = 1; round <= LIMITS.conflictRounds; round++) {
    const text = prompt;
    const result = await d.deadline.during(d.signal, (signal) =>
      session.run({
        prompt: text,
        model: d.model,
        signal,
        onEvent: (event) => d.onEvent(theirs.spec.id, event),
      }),
    );
    d.onSpent(result);
    await session.endLeftovers();
    const left = await d.repository.unresolved(folder);
    if (left.length > 0) {
      why = `conflict markers are left in ${left.join(', ')}`;
      prompt = stillConflictingPrompt(left);
      continue;
    }
    const commit = await concluded(d, folder, conflict, theirs);
    if (commit === undefined) {
      why = 'the worker ended the merge without merging';
      prompt = stillConflictingPrompt(conflict.files);
      continue;
    }
    const red = await firstRed(d, folder, [...ours, theirs]);
    if (red === undefined) return commit;
    why = `${red.command} is red on the merge`;
    prompt = repairPrompt(red.command, 'It must be green on the merged work.', red.output.slice(-8000));
  }
  const refs = [...ours, theirs].map((task) => taskBranch(d.journal.job.id, task.spec.id));
  throw new UnresolvedConflictError(
    `A conflict in ${conflict.files.join(', ')} was not resolved: ${why}.`,
    refs,
  );
};

/** The merge commit, whoever made it: HEAD counts where it holds both sides. */
const concluded = async (
  d: ResolverDeps,
  folder: string,
  conflict: Conflict,
  theirs: Task,
): Promise<Commit | undefined> => {
  const { id } = d.journal.job;
  await d.repository.commitAll(
    folder,
    `Merge task ${theirs.spec.id}: ${theirs.spec.title}\n\nOrchestrator-Job: ${id}\nOrchestrator-Conflict: ${conflict.files.join(', ')}`,
  );
  const { head } = await d.repository.inspect(folder, {
    base: conflict.ours,
    branch: conflictBranch(id, theirs.spec.id),
  });
  const both =
    (await d.repository.isAncestor(conflict.ours, head)) &&
    (await d.repository.isAncestor(conflict.theirs.commit, head));
  return both ? head : undefined;
};

const firstRed = async (
  d: ResolverDeps,
  folder: string,
  tasks: readonly Task[],
): Promise<{ command: string; output: string } | undefined> => {
  for (const command of verifications(tasks)) {
    const check = await d.verifier.check(command, folder, d.env, d.signal);
    if (check.verification === 'failed') return { command, output: check.output };
  }
  return undefined;
};

/** Done tasks whose commits are in `ours` and not in the other side. */
const sideOf = async (d: ResolverDeps, ours: Commit, theirs: Task): Promise<Task[]> => {
  const side: Task[] = [];
  for (const task of d.journal.tasks.values()) {
    if (task.spec.id === theirs.spec.id || task.commit === undefined || theirs.commit === undefined) continue;
    const mine = await d.repository.isAncestor(task.commit, ours);
    if (mine && !(await d.repository.isAncestor(task.commit, theirs.commit))) side.push(task);
  }
  return side;
};
