import { OrchestratorError } from '../../domain/errors/index.ts';
import { buildPlan, type Plan } from '../../domain/plan.ts';
import type { TaskSpec } from '../../domain/task.ts';
import type { ToolJudge } from '../ports/gate.ts';

export type JudgedPlan = { readonly plan: Plan; readonly warnings: readonly string[] };

/**
 * A planner's plan with only those verification commands that a worker's shell might run, too. Such a command
 * runs unattended. The caller's own are the caller's word; the planner's were written by a model that had
 * read the workspace, where anybody's text may stand. A command that is refused leaves its task without.
 * @param cwd real path of the workspace, the user's own checkout.
 */
export const withJudgedVerifications = async (
  plan: Plan,
  { cwd, judge, signal }: { readonly cwd: string; readonly judge: ToolJudge; readonly signal: AbortSignal },
): Promise<JudgedPlan> => {
  const warnings: string[] = [];
  const tasks: TaskSpec[] = [];
  for (const task of plan.tasks) {
    const { verify, ...rest } = task;
    const refusal = verify === undefined ? undefined : await refusalOf(verify, cwd, judge, signal);
    if (refusal !== undefined) {
      warnings.push(`Task "${task.id}" runs without the planner's verification \`${verify}\`: ${refusal}`);
    }
    tasks.push(refusal === undefined ? task : rest);
  }
  return { plan: warnings.length === 0 ? plan : buildPlan(tasks), warnings };
};

const refusalOf = async (
  command: string,
  cwd: string,
  judge: ToolJudge,
  signal: AbortSignal,
): Promise<string | undefined> => {
  // It will run in a worktree; by this path it would read or write the user's checkout instead.
  if (command.includes(cwd)) return "it names the workspace's own folder and not a path relative to it.";
  try {
    const verdict = await judge({ tool: 'Bash', input: { command }, fromSubagent: false }, signal);
    return verdict.decision === 'allow' ? undefined : verdict.message;
  } catch (error) {
    signal.throwIfAborted();
    // A judge that fails has allowed nothing.
    return error instanceof OrchestratorError ? error.message : 'the judge could not decide.';
  }
};
