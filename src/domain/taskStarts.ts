/**
 * The message in a worktree's HEAD reflog by which a task begins: what comes after it is the present task's doing, and
 * the commit that it names is the task's base.
 */
export const TASK_STARTS = 'orchestrator: task starts';
