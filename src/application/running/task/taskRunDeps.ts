import type { Commit, TaskId } from '../../../domain/ids.ts';
import type { JobJournal } from '../../journal.ts';
import type { Lane } from '../../lanes/lane.ts';
import type { Wanted } from '../../lanes/wanted.ts';
import type { Clock } from '../../ports/system.ts';
import type { WorkerEvent } from '../../ports/worker.ts';
import type { Deadline } from '../../supervising/deadline.ts';
import type { HeldCalls } from '../../supervising/heldCalls.ts';
import type { Verifier } from '../../verifying/verifier.ts';

/** What one run of a task works with. */
export type TaskRunDeps = {
  readonly journal: JobJournal;
  readonly clock: Clock;
  readonly taskId: TaskId;
  readonly lane: Lane;
  readonly wanted: Wanted;
  readonly verifier: Verifier;
  readonly deadline: Deadline;
  readonly signal: AbortSignal;
  readonly promptFor: (folder: string) => string;
  readonly onEvent: (event: WorkerEvent) => void;
  /** The first stream event of a live process. */
  readonly onAlive: () => void;
  /** The commit that the task starts from. */
  readonly base: () => Promise<Commit | undefined>;
  readonly held: HeldCalls;
  /** Makes a kept worktree the lane's folder. */
  readonly adopt: (worktree: string) => Promise<void>;
  /** The conversation is given up: nobody will ask for what it asked for. */
  readonly forget: () => Promise<void>;
};
