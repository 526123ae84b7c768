import type { Estimate } from '../../domain/job.ts';
import { criticalPath, type Plan } from '../../domain/plan.ts';
import type { TaskSpec } from '../../domain/task.ts';
import { type ActionKind, actionsIn } from './actionWords.ts';
import { withoutCode } from './requestText.ts';
import { ownWords } from './sharedContext.ts';

/** CPU seconds of one `claude` process start: measured, DESIGN §6. Starts of one moment share the cores. */
export const START_SECONDS = 1;
/** Seconds of a `setup` command (install, build) in one worktree: a guess. */
export const SETUP_SECONDS = 20;
/** Seconds in which a fresh conversation reads what it needs of the code: a guess. One worker does it once, many do it each. */
export const ORIENTATION_SECONDS = 15;
/** Seconds of work that one thing asked for takes, by kind: guesses of the order of magnitude. */
export const ACTION_SECONDS: Readonly<Record<ActionKind, number>> = {
  overhaul: 150,
  build: 75,
  change: 50,
  touch: 25,
};
/** Seconds of work where no verb of ours is found: a guess. */
export const UNNAMED_SECONDS = 45;
/** Characters of prompt that cost a second of reading and thinking, and the most that they add: guesses. */
export const CHARACTERS_PER_SECOND = 100;
export const LONGEST_READING_SECONDS = 120;
/** Seconds of one run of a verification command: a guess. */
export const VERIFY_SECONDS = 15;
/** Seconds in which one finished task is merged: a guess; merges go one after the other. */
export const MERGE_SECONDS = 0.5;
/** USD a second of work and USD for reading the code at the start of a conversation: guesses for a mid-size model. */
export const USD_PER_SECOND = 0.003;
export const ORIENTATION_USD = 0.05;
/** Parallel work must save a fifth at the least: it costs more tokens, and the prediction is a rough one. */
export const WORTH_IT = 0.8;

/** Things counted of one prompt at the most, and characters read for them: more is detail of the same work. */
const COUNTED = 20;
const READ = 4000;

/** Predicted seconds of work for one task's own words, without orientation and verification. */
export const workSeconds = (task: Pick<TaskSpec, 'prompt'>): number => {
  const words = ownWords(task.prompt);
  const actions = actionsIn(withoutCode(words.slice(0, READ)), COUNTED);
  const doing = actions.reduce((sum, action) => sum + ACTION_SECONDS[action.kind], 0);
  return (
    (actions.length === 0 ? UNNAMED_SECONDS : doing) +
    Math.min(LONGEST_READING_SECONDS, words.length / CHARACTERS_PER_SECOND)
  );
};

/** Predicted seconds of one task on a lane of its own: the scheduler's weight of a task. */
export const taskSeconds = (task: TaskSpec): number =>
  ORIENTATION_SECONDS + workSeconds(task) + (task.verify === undefined ? 0 : VERIFY_SECONDS);

export type ForecastInput = {
  readonly workers: number;
  readonly cores: number;
  /** True where a `setup` command runs in every lane. */
  readonly setup: boolean;
};

export type Forecast = {
  readonly estimate: Estimate;
  /** Start costs plus max(critical path, work ÷ workers) plus merges, seconds: no schedule can be faster. */
  readonly parallelSeconds: number;
  /** One sentence: is parallel work worth it, by which two numbers. */
  readonly verdict: string;
};

/** Predicts a plan's time and cost on `workers` lanes, against one worker that does everything in one session. */
export const forecast = (plan: Plan, { workers, cores, setup }: ForecastInput): Forecast => {
  const seconds = new Map(plan.tasks.map((task) => [task.id, taskSeconds(task)]));
  const weight = (task: TaskSpec): number => seconds.get(task.id) ?? 0;
  const count = plan.tasks.length;
  const work = plan.tasks.reduce((sum, task) => sum + weight(task), 0);
  const once = START_SECONDS + (setup ? SETUP_SECONDS : 0);
  // Lanes beyond the cores wait for each other while they start; later they wait on the network.
  const starting = once * Math.ceil(workers / Math.max(1, cores));
  const chain = criticalPath(plan, weight).length;
  const merging = count > 1 ? count * MERGE_SECONDS : 0;
  const parallelSeconds = starting + Math.max(chain, work / workers) + merging;
  const serialSeconds = once + work - (count - 1) * ORIENTATION_SECONDS;
  const parallelWorthIt = count > 1 && parallelSeconds <= WORTH_IT * serialSeconds;
  const estimate: Estimate = {
    tasks: count,
    workers,
    criticalPathSeconds: Math.round(chain + starting),
    serialSeconds: Math.round(serialSeconds),
    parallelWorthIt,
    costUsd: Math.round((work * USD_PER_SECOND + count * ORIENTATION_USD) * 100) / 100,
  };
  return { estimate, parallelSeconds, verdict: verdictOf(estimate, parallelSeconds) };
};

const verdictOf = (estimate: Estimate, parallelSeconds: number): string => {
  const parallel = Math.round(parallelSeconds);
  const { serialSeconds: serial, tasks, workers } = estimate;
  const numbers = `about ${parallel} s with ${workers} ${workers === 1 ? 'worker' : 'workers'} in lanes against ${serial} s for one worker doing everything`;
  if (tasks === 1) return `One task, so nothing runs in parallel: ${numbers}.`;
  if (estimate.parallelWorthIt) return `Parallel work is worth it: ${numbers}.`;
  return `Parallel work is not worth it, it should save a fifth at least: ${numbers}.`;
};
