import { z } from 'zod';
import { TaskValidationError } from '../../domain/errors/index.ts';
import { taskIdSchema } from '../../domain/ids.ts';
import { LIMITS } from '../../domain/limits.ts';
import { buildPlan, type Plan } from '../../domain/plan.ts';
import {
  commandSchema,
  type Priority,
  promptSchema,
  relativePathSchema,
  type TaskSpec,
} from '../../domain/task.ts';

/** What the planner must answer. The same schema asks for the answer and checks it. */
const plannerPlanSchema = z.object({
  tasks: z
    .array(
      z.object({
        id: taskIdSchema.describe('Short kebab-case name, unique in the plan.'),
        title: z.string().min(1).max(200).describe('One line for a person.'),
        prompt: promptSchema.describe(
          'Everything that the worker must know: it sees nothing else of this plan.',
        ),
        depends_on: z.array(taskIdSchema).describe('Ids of tasks whose results this one needs.'),
        writes: z
          .array(relativePathSchema)
          .max(200)
          .describe('Files or globs it will change, relative to the workspace.'),
        verify: commandSchema
          .optional()
          .describe('Shell command that exits 0 exactly when this task is done well.'),
      }),
    )
    .min(1)
    .max(LIMITS.tasksPerPlan),
});

/** The schema as the CLI wants it: with any later draft than 7 it exits 1 (DESIGN §6). */
export const plannerOutputSchema = (): Readonly<Record<string, unknown>> => ({
  ...z.toJSONSchema(plannerPlanSchema, { target: 'draft-7' }),
});

export type ReadPlan = { readonly plan: Plan } | { readonly problems: readonly string[] };

/** Problems that one correction names at the most; a planner that got more wrong starts better anew. */
const NAMED_PROBLEMS = 20;

/** Checks a planner's answer by the rules that hold for a caller's tasks. */
export const readPlan = (structured: unknown, priority: Priority): ReadPlan => {
  if (structured === undefined || structured === null)
    return { problems: ['The answer holds no structured plan.'] };
  const parsed = plannerPlanSchema.safeParse(structured);
  if (!parsed.success) {
    const issues = parsed.error.issues.slice(0, NAMED_PROBLEMS);
    return {
      problems: issues.map((issue) => `${issue.path.map(String).join('.') || 'plan'}: ${issue.message}`),
    };
  }
  const tasks = parsed.data.tasks.map(
    ({ id, title, prompt, depends_on, writes, verify }): TaskSpec => ({
      id,
      title,
      prompt,
      dependsOn: depends_on,
      ...(verify === undefined ? {} : { verify }),
      ...(writes.length === 0 ? {} : { writes, writesForecast: true }),
      priority,
    }),
  );
  try {
    return { plan: buildPlan(tasks) };
  } catch (error) {
    if (error instanceof TaskValidationError) return { problems: [`${error.message} ${error.hint}`] };
    throw error;
  }
};
