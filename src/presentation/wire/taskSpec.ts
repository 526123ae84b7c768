import { z } from 'zod';
import { taskIdSchema } from '../../domain/ids.ts';
import { LIMITS } from '../../domain/limits.ts';
import {
  budgetUsdSchema,
  commandSchema,
  modelSchema,
  type Priority,
  prioritySchema,
  promptSchema,
  relativePathSchema,
  type TaskSpec,
  taskSpecSchema,
  timeoutSecondsSchema,
} from '../../domain/task.ts';
import { inertLine, inertText } from './inertText.ts';
import { invalidArguments } from './invalidArguments.ts';

export const taskInputSchema = z.strictObject({
  id: taskIdSchema.optional(),
  title: z.string().trim().min(1).max(200).optional(),
  prompt: promptSchema,
  depends_on: z.array(taskIdSchema).max(LIMITS.tasksPerPlan).optional(),
  verify: commandSchema.optional().describe('Shell command; exit 0 = done'),
  writes: z.array(relativePathSchema).max(500).optional().describe('Paths or globs it will change'),
  priority: prioritySchema.optional(),
  model: modelSchema.optional(),
  timeout_seconds: timeoutSecondsSchema.optional(),
  budget_usd: budgetUsdSchema.optional(),
});
export type TaskInput = z.infer<typeof taskInputSchema>;

/** The length is left to the plan, whose error says how to go on. */
export const taskInputsSchema = z.array(taskInputSchema);

const TITLE_CHARACTERS = 80;

/** A task without a title is called by the first line that says something. */
const titleOf = (prompt: string): string => {
  const line = prompt.split('\n').find((text) => inertLine(text, TITLE_CHARACTERS) !== '') ?? '';
  return inertLine(line, TITLE_CHARACTERS) || 'untitled';
};

/** `t1`, `t2`, … by place in the list; a name that the caller gave to another task is passed over. */
const idsOf = (tasks: readonly TaskInput[]): readonly string[] => {
  const taken = new Set(tasks.flatMap((task) => (task.id === undefined ? [] : [task.id.toLowerCase()])));
  return tasks.map((task, at) => {
    if (task.id !== undefined) return task.id;
    let id = `t${at + 1}`;
    while (taken.has(id)) id = `${id}x`;
    taken.add(id);
    return id;
  });
};

/**
 * A caller's plan in the core's terms, with the defaults filled in: ids, titles, the job's priority.
 * @throws TaskValidationError naming the fields.
 */
export const tasksFromWire = (tasks: readonly TaskInput[], priority: Priority): readonly TaskSpec[] => {
  const ids = idsOf(tasks);
  const parsed = z.array(taskSpecSchema).safeParse(
    tasks.map((task, at) => ({
      id: ids[at],
      title: inertLine(task.title ?? '', 200) || titleOf(task.prompt),
      prompt: task.prompt,
      dependsOn: task.depends_on ?? [],
      verify: task.verify,
      writes: task.writes,
      priority: task.priority ?? priority,
      model: task.model,
      timeoutSeconds: task.timeout_seconds,
      budgetUsd: task.budget_usd,
    })),
  );
  if (!parsed.success) throw invalidArguments('tasks', parsed.error);
  return parsed.data;
};

export const plannedTaskSchema = z.object({
  id: z.string(),
  title: z.string(),
  prompt: z.string(),
  depends_on: z.array(z.string()).readonly(),
  verify: z.string().optional(),
  writes: z.array(z.string()).readonly().optional(),
});
export type PlannedTask = z.infer<typeof plannedTaskSchema>;

/** A planned task as `analyze` previews it. */
export const taskSpecToWire = (task: TaskSpec): PlannedTask => ({
  id: task.id,
  title: inertLine(task.title, 200),
  prompt: inertText(task.prompt, 2000),
  depends_on: task.dependsOn,
  ...(task.verify === undefined ? {} : { verify: inertText(task.verify, 1000) }),
  ...(task.writes === undefined
    ? {}
    : { writes: task.writes.slice(0, 50).map((path) => inertLine(path, 300)) }),
});
