import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { buildPlan, type Plan } from '../../domain/plan.ts';
import type { Analysis, AnalyzeInput } from '../api.ts';
import type { Machine } from '../ports/system.ts';
import { actionsIn } from './actionWords.ts';
import { complexityOf } from './complexity.ts';
import { type Forecast, forecast, WORTH_IT } from './estimate.ts';
import { listPlan } from './listPlan.ts';
import { memoryWorkers, poolSize } from './poolSize.ts';
import { inferPriority } from './priority.ts';
import { wording } from './requestText.ts';
import { singlePlan } from './singlePlan.ts';
import { width } from './width.ts';

const REMEMBERED = 100;
/** More parts than this are not expected of one request: a guess that bounds the suggestion. */
const EXPECTED_PARTS = 10;

export interface TaskAnalyzer {
  /**
   * Judges a request without a model: the same input gives the same answer.
   * @throws TaskValidationError where the caller's own tasks make no plan.
   */
  analyze(input: AnalyzeInput): Promise<Analysis>;
}

export type TaskAnalyzerOptions = {
  /** The operator's limit on workers. */
  readonly maxWorkers: number;
  readonly machine: Pick<Machine, 'availableMemory' | 'cores'>;
};

/** The specification's TaskAnalyzerService: analyses are remembered, 100 of them. */
export const createTaskAnalyzer = ({ maxWorkers, machine }: TaskAnalyzerOptions): TaskAnalyzer => {
  const cache = new LRUCache<string, Analysis>({ max: REMEMBERED });
  return {
    analyze: async (input) => {
      const facts = {
        maxWorkers: Math.min(maxWorkers, input.maxWorkers ?? maxWorkers),
        memory: machine.availableMemory(),
        cores: machine.cores(),
      };
      const key = digest(input, facts);
      const known = cache.get(key);
      if (known !== undefined) return { ...known, cached: true };
      const analysis = analyse(input, facts);
      cache.set(key, analysis);
      return analysis;
    },
  };
};

type Facts = { readonly maxWorkers: number; readonly memory: number; readonly cores: number };

/** The workspace is left out: nothing here reads it. Of the memory only what the pool's size can feel. */
const digest = ({ request, tasks, priority }: AnalyzeInput, facts: Facts): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        tasks ?? null,
        priority,
        facts.maxWorkers,
        Math.min(10, memoryWorkers(facts.memory)),
        facts.cores,
      ]),
    )
    .update('\0')
    .update(request)
    .digest('base64');

const analyse = (input: AnalyzeInput, facts: Facts): Analysis => {
  const { priority, reason } = inferPriority(input.request, input.priority);
  const given = input.tasks === undefined ? undefined : buildPlan(input.tasks);
  const listed = given === undefined ? listPlan(input.request, priority) : undefined;
  const plan = given ?? listed?.plan;
  const { complexity, reasons } = complexityOf(input.request, plan?.tasks.length ?? 1);
  const told = [
    ...reasons,
    ...(given === undefined ? [] : [`The caller gave ${given.tasks.length} tasks.`]),
    ...(listed?.reasons ?? []),
    ...(listed?.warnings ?? []),
    ...(reason === undefined ? [] : [reason]),
  ];
  if (plan === undefined && complexity !== 'SIMPLE')
    return unplanned(input, facts, { complexity, priority, reasons: told });
  const shown = plan ?? singlePlan(input.request, priority);
  const suggestedWorkers = poolFor(shown, facts);
  const { estimate, verdict } = forecast(shown, {
    workers: suggestedWorkers,
    cores: facts.cores,
    setup: false,
  });
  const splittable = shown.tasks.length > 1;
  return {
    complexity,
    splittable,
    suggestedWorkers,
    priority,
    reasons: told,
    preview: shown.tasks,
    estimate,
    verdict,
    cached: false,
  };
};

const poolFor = (plan: Plan, { maxWorkers, memory }: Facts): number =>
  poolSize({ tasks: plan.tasks.length, widest: width(plan), maxWorkers, availableMemory: memory });

/** Only the planner can split it: the figures are those of one task, and the verdict says what a plan must beat. */
const unplanned = (
  input: AnalyzeInput,
  { maxWorkers, memory, cores }: Facts,
  known: Pick<Analysis, 'complexity' | 'priority' | 'reasons'>,
): Analysis => {
  const parts = Math.max(2, actionsIn(wording(input.request), EXPECTED_PARTS).length);
  const one: Forecast = forecast(singlePlan(input.request, known.priority), {
    workers: 1,
    cores,
    setup: false,
  });
  const { serialSeconds } = one.estimate;
  return {
    ...known,
    splittable: true,
    suggestedWorkers: poolSize({ tasks: parts, widest: parts, maxWorkers, availableMemory: memory }),
    reasons: [...known.reasons, 'It has no list of parts, so orchestrate will have a planner split it.'],
    preview: undefined,
    estimate: one.estimate,
    verdict: `Not known before the planner has split it: one worker doing everything takes about ${serialSeconds} s, so parallel work is worth it from about ${Math.round(WORTH_IT * serialSeconds)} s down.`,
    cached: false,
  };
};
