import { TaskValidationError } from '../../domain/errors/index.ts';
import type { JobEvent } from '../../domain/events.ts';
import type { Job, Receipt } from '../../domain/job.ts';
import { costOf } from '../../domain/jobFigures.ts';
import { buildPlan, criticalPath } from '../../domain/plan.ts';
import { addTokens, NO_TOKENS, predecessors, type Task } from '../../domain/task.ts';
import type { Store } from '../ports/store.ts';

/** Events read at a time. */
const PAGE = 1000;

/** Reads a job's events and sums them up. */
export const makeReceipt = async (
  store: Pick<Store, 'events'>,
  job: Job,
  tasks: readonly Task[],
): Promise<Receipt> => {
  const events: JobEvent[] = [];
  for (;;) {
    const page = await store.events(job.id, events.at(-1)?.seq ?? 0, PAGE);
    events.push(...page);
    if (page.length < PAGE) return receiptOf(job, tasks, events);
  }
};

/**
 * What a job took, from what happened and from nothing else. `speedup` is worker time ÷ wall time;
 * `utilization` is worker time ÷ (wall time × lanes).
 */
export const receiptOf = (job: Job, tasks: readonly Task[], events: readonly JobEvent[]): Receipt => {
  const count = (type: JobEvent['happening']['type']): number =>
    events.filter((event) => event.happening.type === type).length;
  const denied = new Set(
    events.flatMap(({ happening }) =>
      happening.type === 'approval.changed' && happening.status === 'denied' ? [happening.approvalId] : [],
    ),
  );
  const lanes = new Set(
    events.flatMap(({ happening }) => (happening.type === 'task.started' ? [happening.lane] : [])),
  ).size;
  const wallSeconds = Math.max(0.001, ((job.endedAt ?? job.createdAt) - job.createdAt) / 1000);
  const workerSeconds = tasks.reduce((sum, task) => sum + task.seconds, 0);
  const chain = longestChain(tasks);
  return {
    wallSeconds,
    workerSeconds,
    criticalPathSeconds: chain.length,
    criticalPath: chain.path,
    speedup: workerSeconds / wallSeconds,
    utilization: lanes === 0 ? 0 : workerSeconds / (wallSeconds * lanes),
    lanes,
    tokens: tasks.reduce((sum, task) => addTokens(sum, task.tokens), NO_TOKENS),
    costUsd: costOf(job, tasks),
    conflicts: count('conflict.found'),
    collisionsHeldBack: count('task.held'),
    verificationCatches:
      count('task.repairing') +
      tasks.filter((task) => task.status === 'failed' && task.verification === 'failed').length,
    repairs: tasks.reduce((sum, task) => sum + task.repairs, 0),
    retries: count('task.retrying'),
    refusals: count('tool.judged') + denied.size,
    ...(job.estimate === undefined ? {} : { estimate: job.estimate }),
  };
};

/** By the seconds that tasks took. An order that the scheduler made counts, unless retries turned it into a circle. */
const longestChain = (tasks: readonly Task[]): { path: readonly Task['spec']['id'][]; length: number } => {
  if (tasks.length === 0) return { path: [], length: 0 };
  const seconds = new Map(tasks.map((task) => [task.spec.id, task.seconds]));
  const chain = (before: (task: Task) => readonly Task['spec']['id'][]) =>
    criticalPath(
      buildPlan(tasks.map((task) => ({ ...task.spec, dependsOn: before(task) }))),
      (spec) => seconds.get(spec.id) ?? 0,
    );
  try {
    return chain(predecessors);
  } catch (error) {
    if (!(error instanceof TaskValidationError)) throw error;
    return chain((task) => task.spec.dependsOn);
  }
};
