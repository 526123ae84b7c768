import { z } from 'zod';
import type { Analysis, AnalyzeInput } from '../../application/api.ts';
import { complexitySchema } from '../../domain/job.ts';
import { prioritySchema, promptSchema } from '../../domain/task.ts';
import { fitList, SHARE } from './answerSize.ts';
import { maxWorkersField, workspaceField } from './fields.ts';
import { inertText } from './inertText.ts';
import { roundSeconds, roundUsd } from './task.ts';
import { plannedTaskSchema, taskInputsSchema, taskSpecToWire, tasksFromWire } from './taskSpec.ts';

export const analyzeInputSchema = z.strictObject({
  request: promptSchema,
  workspace: workspaceField,
  tasks: taskInputsSchema.optional(),
  max_workers: maxWorkersField.optional(),
  priority: prioritySchema.default('normal'),
});

/** @throws TaskValidationError naming the fields. */
export const analyzeFromWire = (input: z.infer<typeof analyzeInputSchema>): AnalyzeInput => ({
  request: input.request,
  workspace: input.workspace,
  priority: input.priority,
  ...(input.tasks === undefined ? {} : { tasks: tasksFromWire(input.tasks, input.priority) }),
  ...(input.max_workers === undefined ? {} : { maxWorkers: input.max_workers }),
});

export const analysisAnswerSchema = z.object({
  complexity: complexitySchema,
  splittable: z.boolean(),
  suggested_workers: z.number(),
  priority: prioritySchema,
  reasons: z.array(z.string()).readonly(),
  /** Absent where only the planner, which costs a model call, could split the request. */
  preview: z.array(plannedTaskSchema).readonly().optional(),
  preview_omitted: z.number().optional(),
  estimate: z.object({
    tasks: z.number(),
    workers: z.number(),
    critical_path_seconds: z.number(),
    serial_seconds: z.number(),
    parallel_worth_it: z.boolean(),
    cost_usd: z.number(),
  }),
  verdict: z.string(),
  cached: z.boolean(),
  next: z.string(),
});
export type AnalysisAnswer = z.infer<typeof analysisAnswerSchema>;

export const analysisToWire = (analysis: Analysis): AnalysisAnswer => {
  const { estimate } = analysis;
  return {
    complexity: analysis.complexity,
    splittable: analysis.splittable,
    suggested_workers: analysis.suggestedWorkers,
    priority: analysis.priority,
    reasons: analysis.reasons.slice(0, 10).map((reason) => inertText(reason, 300)),
    ...previewToWire(analysis),
    estimate: {
      tasks: estimate.tasks,
      workers: estimate.workers,
      critical_path_seconds: roundSeconds(estimate.criticalPathSeconds),
      serial_seconds: roundSeconds(estimate.serialSeconds),
      parallel_worth_it: estimate.parallelWorthIt,
      cost_usd: roundUsd(estimate.costUsd),
    },
    verdict: inertText(analysis.verdict, 1000),
    cached: analysis.cached,
    next:
      analysis.preview === undefined
        ? 'Call orchestrate with the same request and workspace: a planner splits it first.'
        : estimate.parallelWorthIt
          ? 'Call orchestrate with the same request and workspace.'
          : 'Do the work yourself, or call orchestrate all the same where it should be isolated and verified.',
  };
};

const previewToWire = ({ preview }: Analysis): Pick<AnalysisAnswer, 'preview' | 'preview_omitted'> => {
  if (preview === undefined) return {};
  const { kept, omitted } = fitList(preview.map(taskSpecToWire), SHARE.list, () => 0);
  return { preview: kept, ...(omitted > 0 ? { preview_omitted: omitted } : {}) };
};
