import type { JobSpec, PlanSource } from '../../domain/job.ts';
import { buildPlan, type Plan } from '../../domain/plan.ts';
import type { ToolJudge, VerdictListener } from '../ports/gate.ts';
import type { WorkerEvent } from '../ports/worker.ts';
import { type AiPlannerParts, planByWorker } from './aiPlanner.ts';
import { complexityOf } from './complexity.ts';
import { listPlan } from './listPlan.ts';
import { withJudgedVerifications } from './plannerVerify.ts';
import { inferPriority } from './priority.ts';
import { singlePlan } from './singlePlan.ts';

export type SplitOptions = {
  /** Real path of the workspace. */
  readonly cwd: string;
  /** Text of the workspace's CLAUDE.md, if any. */
  readonly guidance: string | undefined;
  /** Judges the verification commands that a planner proposes. */
  readonly judge: ToolJudge;
  readonly signal: AbortSignal;
  /** Hears of every tool call of the planner's worker. */
  readonly onVerdict?: VerdictListener;
  /** Hears the planner's worker, where one runs. */
  readonly onEvent?: (event: WorkerEvent) => void;
};

export type Split = {
  readonly plan: Plan;
  readonly source: PlanSource;
  readonly warnings: readonly string[];
  /** What the planner cost, USD; 0 where none ran. */
  readonly overheadCostUsd: number;
};

export interface TaskSplitter {
  /**
   * Makes the plan of a job. The caller's own tasks win; else the lists in the request; else, where the
   * request is more than simple, a planner; else it stays one task. Where the planner fails, the request
   * stays one task too, and a warning says why.
   * @throws TaskValidationError where the caller's tasks make no plan; AuthenticationError where the planner
   * has no credentials; the signal's reason.
   */
  split(spec: JobSpec, options: SplitOptions): Promise<Split>;
}

export const createTaskSplitter = (parts: AiPlannerParts): TaskSplitter => ({
  split: async (spec, options) => {
    options.signal.throwIfAborted();
    if (spec.tasks !== undefined) return found(buildPlan(spec.tasks), 'caller', []);
    const { priority } = inferPriority(spec.request, spec.priority);
    const listed = listPlan(spec.request, priority);
    if (listed !== undefined) return found(listed.plan, 'list', listed.warnings);
    const whole = singlePlan(spec.request, priority, spec.verify);
    if (complexityOf(spec.request, 1).complexity === 'SIMPLE') return found(whole, 'single', []);
    const outcome = await planByWorker(parts, {
      ...options,
      spec,
      priority,
      onVerdict: options.onVerdict ?? (() => undefined),
      onEvent: options.onEvent ?? (() => undefined),
    });
    if ('failure' in outcome) {
      const warning = `The request runs as one task, because it could not be split: ${outcome.failure.message} ${outcome.failure.hint}`;
      return { plan: whole, source: 'single', warnings: [warning], overheadCostUsd: outcome.costUsd };
    }
    const judged = await withJudgedVerifications(outcome.plan, options);
    return {
      plan: judged.plan,
      source: 'planner',
      warnings: judged.warnings,
      overheadCostUsd: outcome.costUsd,
    };
  },
});

const found = (plan: Plan, source: PlanSource, warnings: readonly string[]): Split => ({
  plan,
  source,
  warnings,
  overheadCostUsd: 0,
});
