import { z } from 'zod';
import {
  AuthenticationError,
  OrchestratorError,
  TaskDecompositionError,
  WorkerTimeoutError,
} from '../../domain/errors/index.ts';
import type { JobSpec } from '../../domain/job.ts';
import type { Plan } from '../../domain/plan.ts';
import type { Priority } from '../../domain/task.ts';
import type { VerdictListener } from '../ports/gate.ts';
import type { Clock, Ids } from '../ports/system.ts';
import type { WorkerEvent, WorkerRuntime, WorkerSession } from '../ports/worker.ts';
import { plannerOutputSchema, readPlan } from './plannerSchema.ts';
import { correctionPrompt, plannerPrompt } from './prompts.ts';

/** Seconds a planner may take, both rounds together: it reads and writes nothing. A guess. */
export const PLANNER_SECONDS = 300;
/** Part of the job's budget that planning may use: what is left must be enough for the work. */
const BUDGET_SHARE = 0.25;
/** The answer, and one more where its plan cannot be used. */
const ROUNDS = 2;

export type AiPlannerParts = {
  readonly runtime: Pick<WorkerRuntime, 'open'>;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly ids: Pick<Ids, 'runToken'>;
};

export type PlannerInput = {
  readonly spec: Pick<JobSpec, 'request' | 'verify' | 'model' | 'budgetUsd' | 'timeoutSeconds'>;
  readonly priority: Priority;
  /** Real path of the workspace: the planner reads there. */
  readonly cwd: string;
  readonly guidance: string | undefined;
  readonly onVerdict: VerdictListener;
  readonly signal: AbortSignal;
  readonly onEvent: (event: WorkerEvent) => void;
};

/** Either a checked plan, or why there is none. What it cost is known in both cases. */
export type PlannerOutcome = { readonly costUsd: number } & (
  | { readonly plan: Plan; readonly rounds: number }
  | { readonly failure: OrchestratorError }
);

/**
 * Has one read-only worker split a request (the specification's AITaskAnalyzer): one answer by a JSON schema,
 * checked by the rules for callers' tasks, and one correction in the same session that names the problems.
 * @throws AuthenticationError, because no task could work either; the signal's reason where it aborts.
 */
export const planByWorker = async (parts: AiPlannerParts, input: PlannerInput): Promise<PlannerOutcome> => {
  const deadline = new AbortController();
  const finished = new AbortController();
  const seconds = Math.min(PLANNER_SECONDS, input.spec.timeoutSeconds ?? PLANNER_SECONDS);
  const signal = AbortSignal.any([input.signal, deadline.signal]);
  const spent = { usd: 0 };
  parts.clock.sleep(seconds * 1000, finished.signal).then(
    () => deadline.abort(tooLong(seconds)),
    () => undefined,
  );
  try {
    return await converse(parts, { ...input, signal }, spent);
  } catch (error) {
    input.signal.throwIfAborted();
    if (error instanceof AuthenticationError || !(error instanceof OrchestratorError)) throw error;
    return { failure: error, costUsd: Math.max(spent.usd, spentBefore(error)) };
  } finally {
    finished.abort();
  }
};

const converse = async (
  parts: AiPlannerParts,
  input: PlannerInput,
  spent: { usd: number },
): Promise<PlannerOutcome> => {
  const { spec, signal } = input;
  signal.throwIfAborted();
  const session = await parts.runtime.open({
    cwd: input.cwd,
    runToken: parts.ids.runToken(),
    env: {},
    model: spec.model,
    budgetUsd: spec.budgetUsd === undefined ? undefined : spec.budgetUsd * BUDGET_SHARE,
    readRoots: [],
    onVerdict: input.onVerdict,
    readOnly: true,
    outputSchema: plannerOutputSchema(),
  });
  try {
    return await rounds(session, input, spent);
  } finally {
    await session.end();
  }
};

const rounds = async (
  session: WorkerSession,
  input: PlannerInput,
  spent: { usd: number },
): Promise<PlannerOutcome> => {
  const { spec, signal, onEvent } = input;
  let prompt = plannerPrompt({ request: spec.request, guidance: input.guidance, verify: spec.verify });
  let problems: readonly string[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    signal.throwIfAborted();
    const result = await session.run({ prompt, model: spec.model, signal, onEvent });
    // A session counts from its begin, so the later figure holds the earlier one.
    spent.usd = Math.max(spent.usd, result.costUsd);
    const read = readPlan(result.structured, input.priority);
    if ('plan' in read) return { plan: read.plan, rounds: round, costUsd: spent.usd };
    problems = read.problems;
    prompt = correctionPrompt(problems);
  }
  const failure = new TaskDecompositionError(
    `The planner's plan cannot be used: ${problems.slice(0, 3).join(' ')}`,
    {
      hint: 'Give the tasks yourself in `tasks`, or write the parts of the request as a list.',
      context: { problems },
    },
  );
  return { failure, costUsd: spent.usd };
};

const tooLong = (seconds: number): WorkerTimeoutError =>
  new WorkerTimeoutError(`The planner had no plan after ${seconds} s.`, {
    hint: 'Give the tasks yourself in `tasks`, or write the parts of the request as a list.',
    context: { seconds },
  });

const spentSchema = z.object({ spent: z.object({ costUsd: z.number() }) });

const spentBefore = (error: OrchestratorError): number => {
  const parsed = spentSchema.safeParse(error.context);
  return parsed.success ? parsed.data.spent.costUsd : 0;
};
