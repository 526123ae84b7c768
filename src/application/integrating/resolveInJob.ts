import type { Commit } from '../../domain/ids.ts';
import type { JobJournal } from '../journal.ts';
import { createWorktree } from '../lanes/createWorktree.ts';
import type { JobFolders } from '../lanes/jobFolders.ts';
import type { Repository } from '../ports/repository.ts';
import type { RunDeps } from '../runDeps.ts';
import { Deadline } from '../supervising/deadline.ts';
import { HeldCalls } from '../supervising/heldCalls.ts';
import { SpentMeter } from '../supervising/spentMeter.ts';
import { TaskLog } from '../supervising/taskLog.ts';
import type { Verifier } from '../verifying/verifier.ts';
import { resolveConflict } from './conflictResolver.ts';
import type { Conflict } from './merger.ts';

/** Gives a conflict of a job to a resolver: a worker of its own, in a fresh worktree, logged with the task that came later. */
export const resolveInJob = (
  job: {
    readonly deps: RunDeps;
    readonly journal: JobJournal;
    readonly folders: JobFolders;
    readonly verifier: (log: (text: string) => void) => Verifier;
    readonly signal: AbortSignal;
  },
  repository: Repository,
  conflict: Conflict,
): Promise<Commit> => {
  const { deps, journal, folders, signal } = job;
  const { spec } = journal.job;
  const log = new TaskLog(deps, journal, conflict.theirs.taskId);
  const meter = new SpentMeter();
  const deadline = new Deadline(spec.timeoutSeconds ?? deps.settings.defaultTimeoutSeconds);
  const held = new HeldCalls({
    desk: deps.desk,
    store: deps.store,
    journal,
    taskId: conflict.theirs.taskId,
    holdMs: deps.settings.approvalHoldMs,
    deadline,
    // The merge that it is in the middle of is in nobody's records.
    mayPark: false,
    log: log.write,
    onHeld: () => undefined,
  });
  const resolved = folders.withPorts((env) =>
    resolveConflict(
      {
        journal,
        repository,
        verifier: job.verifier(log.write),
        env,
        signal,
        deadline,
        worktree: (name, commit) => createWorktree(folders.recipe(repository), { name, commit, env, signal }),
        open: (cwd) =>
          deps.runtime.open({
            cwd,
            runToken: deps.ids.runToken(),
            env,
            model: spec.model,
            budgetUsd: spec.budgetUsd,
            readRoots: [repository.state.root],
            onVerdict: log.verdict,
            ask: held.ask,
          }),
        onEvent: (_id, event) => log.event(event),
        model: spec.model,
        onSpent: (result) => meter.read(result),
      },
      conflict,
    ),
  );
  return resolved
    .catch((error: unknown) => {
      meter.read(error);
      throw error;
    })
    .finally(() =>
      journal.record({
        job: { patch: { overheadCostUsd: journal.job.overheadCostUsd + meter.total.costUsd } },
        happenings: [],
      }),
    );
};
