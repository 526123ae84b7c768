import type { z } from 'zod';
import type { analyzeInputSchema } from '../../../../wire/analysis.ts';
import type { orchestrateInputSchema } from '../../../../wire/jobSpec.ts';

/** A task as it stands in the form. `key` tells rows apart while their ids are being typed. */
export type TaskDraft = {
  readonly key: number;
  readonly id: string;
  readonly prompt: string;
  /** Ids, by commas or blanks. */
  readonly dependsOn: string;
  readonly verify: string;
};

/** The form as it stands: everything is what was typed. */
export type Draft = {
  readonly request: string;
  readonly workspace: string;
  readonly verify: string;
  readonly setup: string;
  readonly apply: 'branch' | 'merge';
  readonly maxWorkers: string;
  readonly budget: string;
  readonly tasks: readonly TaskDraft[];
};

export const EMPTY_DRAFT: Draft = {
  request: '',
  workspace: '',
  verify: '',
  setup: '',
  apply: 'branch',
  maxWorkers: '',
  budget: '',
  tasks: [],
};

export type SubmitBody = z.input<typeof orchestrateInputSchema>;
export type AnalyzeBody = z.input<typeof analyzeInputSchema>;

const idsIn = (text: string): readonly string[] => text.split(/[\s,]+/).filter(Boolean);

/** The id that a row goes by: its own, or its place in the list as the server counts. */
export const idOf = (task: TaskDraft, at: number): string => task.id.trim() || `t${at + 1}`;

/** A row for another task. */
export const newTask = (tasks: readonly TaskDraft[]): TaskDraft => ({
  key: 1 + Math.max(0, ...tasks.map((task) => task.key)),
  id: '',
  prompt: '',
  dependsOn: '',
  verify: '',
});

export type Field = 'request' | 'workspace' | 'maxWorkers' | 'budget' | `task ${number}`;
export type Problems = ReadonlyMap<Field, string>;

const taskProblem = (task: TaskDraft, at: number, tasks: readonly TaskDraft[]): string | undefined => {
  if (task.prompt.trim() === '') return 'Say what this worker is to do.';
  const ids = tasks.map(idOf);
  const own = idOf(task, at);
  if (ids.filter((id) => id.toLowerCase() === own.toLowerCase()).length > 1)
    return `Two tasks are called ${own}.`;
  const needs = idsIn(task.dependsOn);
  if (needs.includes(own)) return 'A task cannot wait for itself.';
  const unknown = needs.filter((id) => !ids.includes(id));
  return unknown.length === 0 ? undefined : `There is no task ${unknown.join(', ')}.`;
};

/** What keeps the form from being sent, by field. The server has the last word. */
export const problemsOf = (draft: Draft): Problems => {
  const problems = new Map<Field, string>();
  if (draft.request.trim() === '') problems.set('request', 'Say what is to be done.');
  if (!/^(\/|[A-Za-z]:[\\/])/.test(draft.workspace.trim()))
    problems.set('workspace', 'Give the absolute path of a folder on the server’s machine.');
  const workers = Number(draft.maxWorkers);
  if (draft.maxWorkers.trim() !== '' && !(Number.isInteger(workers) && workers >= 1 && workers <= 100))
    problems.set('maxWorkers', 'A whole number from 1 to 100.');
  const budget = Number(draft.budget);
  if (draft.budget.trim() !== '' && !(budget > 0 && budget <= 10_000))
    problems.set('budget', 'More than 0, at most 10 000.');
  draft.tasks.forEach((task, at) => {
    const problem = taskProblem(task, at, draft.tasks);
    if (problem !== undefined) problems.set(`task ${at}`, problem);
  });
  return problems;
};

const given = (text: string): string | undefined => text.trim() || undefined;

const tasksOf = (draft: Draft): Pick<SubmitBody, 'tasks'> =>
  draft.tasks.length === 0
    ? {}
    : {
        tasks: draft.tasks.map((task, at) => ({
          id: idOf(task, at),
          prompt: task.prompt,
          depends_on: [...idsIn(task.dependsOn)],
          ...(given(task.verify) === undefined ? {} : { verify: task.verify.trim() }),
        })),
      };

/** What the analysis is asked about. */
export const analyzeBody = (draft: Draft): AnalyzeBody => ({
  request: draft.request,
  workspace: draft.workspace.trim(),
  ...tasksOf(draft),
  ...(given(draft.maxWorkers) === undefined ? {} : { max_workers: Number(draft.maxWorkers) }),
});

/** What is submitted. @param key the same for each try of one form, so that a second press makes no second job. */
export const submitBody = (draft: Draft, key: string): SubmitBody => ({
  ...analyzeBody(draft),
  apply: draft.apply,
  ...(given(draft.verify) === undefined ? {} : { verify: draft.verify.trim() }),
  ...(given(draft.setup) === undefined ? {} : { setup: draft.setup.trim() }),
  ...(given(draft.budget) === undefined ? {} : { budget_usd: Number(draft.budget) }),
  idempotency_key: key,
});
