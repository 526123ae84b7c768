import { LIMITS } from '../../domain/limits.ts';
import { buildPlan, type Plan } from '../../domain/plan.ts';
import type { Priority, TaskSpec } from '../../domain/task.ts';
import { dependence } from './dependence.ts';
import { taskIdOf, titleOf } from './naming.ts';
import { findRequestLists, type RequestItem, type RequestLists } from './requestLists.ts';
import { SHARED_CONTEXT } from './sharedContext.ts';

/** Characters that the shared text of a request may come to when it is repeated for every task. */
const REPEATED = 8_000_000;

export type ListPlan = {
  readonly plan: Plan;
  readonly reasons: readonly string[];
  readonly warnings: readonly string[];
};

/**
 * The plan that a request's own lists make: one task an item, its words verbatim, the text around the lists
 * as shared context behind them. Undefined where there are no lists, or where the text around them is so long
 * that repeating it for every task is out of proportion.
 */
export const listPlan = (request: string, priority: Priority): ListPlan | undefined => {
  const found = findRequestLists(request);
  if (found === undefined) return undefined;
  const { lists, warnings } = withinLimit(found);
  const contexts = lists.items.map((item) => contextOf(lists, item));
  const repeated = contexts.reduce((sum, context) => sum + context.length, 0);
  if (repeated > REPEATED) return undefined;
  const prompts = lists.items.map((item, at) => item.text + (contexts[at] ?? ''));
  if (prompts.some((prompt) => prompt.length > LIMITS.promptCharacters)) return undefined;
  const { edges, reasons } = dependence(lists);
  const titles = lists.items.map((item) => titleOf(item.text));
  const ids = titles.map((title, at) => taskIdOf(at, title));
  const tasks = lists.items.flatMap((_item, at): TaskSpec[] => {
    const id = ids[at];
    if (id === undefined) return [];
    const dependsOn = (edges[at] ?? []).flatMap((earlier) => ids[earlier] ?? []);
    return [{ id, title: titles[at] ?? id, prompt: prompts[at] ?? '', dependsOn, priority }];
  });
  return {
    plan: buildPlan(tasks),
    reasons: [`The request lists ${found.items.length} parts.`, ...reasons],
    warnings,
  };
};

const contextOf = (lists: RequestLists, item: RequestItem): string => {
  const parts = [lists.before, item.intro, lists.after].filter((part) => part !== '');
  return parts.length === 0 ? '' : `\n\n${SHARED_CONTEXT}\n\n${parts.join('\n\n')}`;
};

/** More items than a plan may have tasks: neighbours share a task, so that none is lost. */
const withinLimit = (found: RequestLists): { lists: RequestLists; warnings: readonly string[] } => {
  if (found.items.length <= LIMITS.tasksPerPlan) return { lists: found, warnings: [] };
  const last = found.items.filter((item) => item.kind === 'after');
  const parts = found.items.filter((item) => item.kind !== 'after');
  const size = Math.ceil(parts.length / (LIMITS.tasksPerPlan - last.length));
  const items: RequestItem[] = [];
  for (let at = 0; at < parts.length; at += size) {
    const [first, ...more] = parts.slice(at, at + size);
    if (first === undefined) break;
    items.push(
      more.length === 0
        ? first
        : { ...first, text: [first, ...more].map((item) => `- ${item.text}`).join('\n') },
    );
  }
  items.push(...last);
  const warning = `The request lists ${found.items.length} parts and a plan has at most ${LIMITS.tasksPerPlan} tasks: up to ${size} parts that follow each other share a task.`;
  return { lists: { ...found, items }, warnings: [warning] };
};
