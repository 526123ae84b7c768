import { ERROR_CODES, FileSystemError, OrchestratorError } from '../../domain/errors/index.ts';
import type { ErrorRecord } from '../../domain/task.ts';
import { PROGRAM } from './command.ts';
import type { CliDeps, FlagValues, KeptWorktree } from './deps.ts';
import { inColumns, painter, printable, printableCell } from './terminal.ts';

type Outcome = {
  readonly kept: readonly KeptWorktree[];
  readonly removed: readonly KeptWorktree[];
  readonly failed: readonly { readonly worktree: KeptWorktree; readonly error: ErrorRecord }[];
};

const table = (kept: readonly KeptWorktree[]): string =>
  `${inColumns([
    ['JOB', 'REPOSITORY', 'WORKTREE', ...(kept.some(isNeeded) ? ['STAYS'] : [])],
    ...kept.map((w) =>
      [w.jobId, w.repository, w.path, ...(w.waits ? ['waits for a decision'] : [])].map(printableCell),
    ),
  ]).join('\n')}\n`;

const isNeeded = ({ waits }: KeptWorktree): boolean => waits;

const wire = ({ path, repository, jobId, waits }: KeptWorktree) => ({
  path,
  repository,
  job_id: jobId,
  ...(waits ? { stays: 'waits for a decision' } : {}),
});

const removeAll = async (
  deps: CliDeps,
  worktrees: readonly KeptWorktree[],
  flags: FlagValues,
): Promise<Omit<Outcome, 'kept'>> => {
  const removed: KeptWorktree[] = [];
  const failed: Outcome['failed'][number][] = [];
  // One after the other: git's list of worktrees does not bear two writers.
  for (const worktree of worktrees) {
    try {
      await deps.clean.remove(worktree, flags);
      removed.push(worktree);
    } catch (thrown) {
      if (!(thrown instanceof OrchestratorError)) deps.onFault(thrown);
      const hint = 'See whether a program still works in that folder, then try again.';
      const ours =
        thrown instanceof OrchestratorError
          ? thrown
          : new FileSystemError('It could not be removed.', { hint });
      failed.push({ worktree, error: ours.toRecord() });
    }
  }
  return { removed, failed };
};

const agreed = async (deps: CliDeps, count: number, o: { yes: boolean; json: boolean }): Promise<boolean> => {
  if (o.yes) return true;
  if (o.json || deps.confirm === undefined) return false;
  return deps.confirm(
    `Remove ${count === 1 ? 'this worktree' : `these ${count} worktrees`} with all that is uncommitted in them?`,
  );
};

const report = (deps: CliDeps, { kept, removed, failed }: Outcome, json: boolean): void => {
  if (json) {
    const failures = failed.map(({ worktree, error }) => ({ ...wire(worktree), error }));
    deps.stdout(
      `${JSON.stringify({ worktrees: kept.map(wire), removed: removed.map(wire), failed: failures }, null, 2)}\n`,
    );
    return;
  }
  const paint = painter(deps.color.stderr);
  const needed = kept.filter(isNeeded).length;
  deps.stdout(
    `Removed ${removed.length} of ${kept.length - needed} worktrees. Commits stay on their branches.\n${needed === 0 ? '' : `Left ${needed} in which a task goes on once a person has decided: ${PROGRAM} approvals\n`}`,
  );
  for (const { worktree, error } of failed) {
    deps.stderr(
      `${paint('red', 'error:')} ${printable(`${worktree.path}: ${error.message} ${error.hint}`)}\n`,
    );
  }
};

/**
 * Shows the worktrees that were kept for a person, and removes them after a yes: by `--yes`, or by a person at a
 * terminal. Nothing is removed without one, and never one in which a task will go on. @returns the exit code.
 */
export const runClean = async (
  deps: CliDeps,
  o: { readonly yes: boolean; readonly json: boolean; readonly flags: FlagValues },
): Promise<number> => {
  const kept = await deps.clean.kept(o.flags);
  if (!o.json) deps.stdout(kept.length === 0 ? 'No worktrees are kept.\n' : table(kept));
  const free = kept.filter((worktree) => !isNeeded(worktree));
  if (free.length === 0 || !(await agreed(deps, free.length, o))) {
    if (o.json) report(deps, { kept, removed: [], failed: [] }, true);
    else if (free.length > 0)
      deps.stderr('Nothing was removed. `claude-orchestrator clean --yes` removes them.\n');
    else if (kept.length > 0)
      deps.stderr(`Nothing to remove: tasks go on there once a person has decided (${PROGRAM} approvals).\n`);
    return 0;
  }
  const outcome = { kept, ...(await removeAll(deps, free, o.flags)) };
  report(deps, outcome, o.json);
  return outcome.failed.length === 0 ? 0 : ERROR_CODES.FILE_SYSTEM.exit;
};
