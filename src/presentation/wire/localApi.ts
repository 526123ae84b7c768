import type { JobView, Orchestrator } from '../../application/api.ts';
import { OPEN_APPROVAL } from '../../domain/approval.ts';
import { type ApprovalId, approvalIdSchema, type JobId, jobIdSchema } from '../../domain/ids.ts';
import { isTerminal } from '../../domain/job.ts';
import { progressOf } from '../../domain/jobFigures.ts';
import { LOCAL_AGENT } from '../../domain/principal.ts';
import { analysisToWire, analyzeFromWire, analyzeInputSchema } from './analysis.ts';
import type { OrchestratorApi, WaitProgress, Watch } from './api.ts';
import { approvalListInputSchema, decideInputSchema, elicitedInputSchema } from './approval.ts';
import {
  approvalListFromWire,
  approvalListToWire,
  approvalToWire,
  decisionFromWire,
  decisionToWire,
} from './approvalToWire.ts';
import { cancelInputSchema } from './cancel.ts';
import { eventToWire, followedToWire } from './event.ts';
import { happeningText } from './happeningText.ts';
import { healthToWire } from './health.ts';
import { read } from './invalidArguments.ts';
import { type JobAnswer, jobToWire } from './job.ts';
import { jobListFromWire, jobListInputSchema, jobRowToWire } from './jobList.ts';
import { jobSpecFromWire, submitInputSchema } from './jobSpec.ts';
import { resultToWire } from './result.ts';
import { steerFromWire, steerInputSchema } from './steer.ts';
import { approversFor, type Surroundings } from './surroundings.ts';
import { taskLogInputSchema, taskOutputToWire } from './taskOutput.ts';
import { wholeJobToWire } from './wholeJob.ts';

/** Longest diff that is handed out, characters. */
const DIFF_CHARACTERS = 5_000_000;

const jobIdOf = (what: string, id: string): JobId => read(`${what}: job_id`, jobIdSchema, id);
const approvalIdOf = (what: string, id: string): ApprovalId =>
  read(`${what}: approval_id`, approvalIdSchema, id);

/** Open approvals that are counted at most: more than a person looks through. */
const COUNTED = 100;

const progress = (view: JobView, message: string | undefined): WaitProgress => {
  const { done, total } = progressOf(view.tasks);
  return { done, total, ended: isTerminal(view.job), message };
};

/** Waits until the job has ended or wants a person; not every change ends the wait, progress tells of those. */
const waitForEnd = async (
  orchestrator: Orchestrator,
  id: JobId,
  seconds: number,
  { signal, onProgress }: Watch,
): Promise<JobView> => {
  const now = await orchestrator.status(id);
  onProgress(progress(now, now.job.status));
  const outcome = await orchestrator.wait(id, {
    waitMs: seconds * 1000,
    signal,
    onEvent: (event, view) => {
      const message = happeningText(event.happening);
      if (message !== undefined) onProgress(progress(view, message));
    },
  });
  onProgress(progress(outcome, outcome.job.status));
  return outcome;
};

/** The wire's words over an orchestrator in this process. */
export const localApi = (orchestrator: Orchestrator, around: Surroundings = {}): OrchestratorApi => {
  const job = async (view: JobView, submitted = false): Promise<JobAnswer> =>
    jobToWire(view, { submitted, approvers: await approversFor(around, view) });

  return {
    analyze: async (input) =>
      analysisToWire(await orchestrator.analyze(analyzeFromWire(read('analyze', analyzeInputSchema, input)))),
    submit: async (input) => {
      const args = read('orchestrate', submitInputSchema, input);
      const { view, created } = await orchestrator.submit(jobSpecFromWire(args), args.idempotency_key);
      return job(view, created);
    },
    status: async (id) => job(await orchestrator.status(jobIdOf('job_status', id))),
    whole: async (id) => {
      const view = await orchestrator.status(jobIdOf('job_status', id));
      return wholeJobToWire(view, await approversFor(around, view));
    },
    wait: async (id, seconds, watch) =>
      job(await waitForEnd(orchestrator, jobIdOf('job_wait', id), seconds, watch)),
    result: async (id) => {
      const result = await orchestrator.result(jobIdOf('job_result', id));
      return resultToWire(result, await approversFor(around, result.view));
    },
    list: async (input) => {
      const filter = jobListFromWire(read('job_list', jobListInputSchema, input));
      const { views, nextCursor } = await orchestrator.list(filter);
      return {
        jobs: views.map(jobRowToWire),
        ...(nextCursor === undefined ? {} : { next_cursor: nextCursor }),
      };
    },
    cancel: async (input) => {
      const { job_id, task_id, reason } = read('job_cancel', cancelInputSchema, input);
      return job(await orchestrator.cancel(job_id, task_id, reason ?? 'Cancelled by the client.'));
    },
    steer: async (input) => {
      const args = read('job_steer', steerInputSchema, input);
      return job(await orchestrator.steer(args.job_id, steerFromWire(args)));
    },
    taskOutput: async (input) => {
      const args = read('task_output', taskLogInputSchema, input);
      const { offset, limit } = args;
      return taskOutputToWire(
        args,
        await orchestrator.taskOutput(args.job_id, args.task_id, { offset, limit }),
      );
    },
    events: async (jobId, after, limit) => {
      const id = jobIdOf('events', jobId);
      const events = await orchestrator.events(id, after, limit);
      const last = events.at(-1);
      return {
        job_id: id,
        events: events.map(eventToWire),
        ...(events.length === limit && last !== undefined ? { next_after: last.seq } : {}),
      };
    },
    // As git wrote it, so that it can be applied; whoever shows it makes it harmless.
    diff: async (id) => (await orchestrator.diff(jobIdOf('diff', id))).slice(0, DIFF_CHARACTERS),
    approvals: async (input) => {
      const query = approvalListFromWire(read('list_approvals', approvalListInputSchema, input));
      const { approvals, nextCursor } = await orchestrator.approvals(query);
      return approvalListToWire(approvals, nextCursor, await approversFor(around, { approvals }));
    },
    approval: async (id) => {
      const approval = await orchestrator.approval(approvalIdOf('approval', id));
      const approvers = await approversFor(around, { approvals: [approval] });
      return approvalToWire(
        approval,
        approvers,
        (await around.elicitation?.elicitationChoice()) ?? 'deny_only',
      );
    },
    decide: async (input) => {
      const { approval_id, ...decision } = read('approve_operation', decideInputSchema, input);
      return decisionToWire(await orchestrator.decide(approval_id, decisionFromWire(decision)));
    },
    elicited: async (input) => {
      const { approval_id, ...decision } = read('elicitation', elicitedInputSchema, input);
      // Who it is comes from the credential all the same: only that a form spoke is believed.
      const who = { principal: LOCAL_AGENT, via: 'elicitation' } as const;
      return decisionToWire(await orchestrator.decide(approval_id, decisionFromWire(decision), who));
    },
    health: async () => {
      const [health, { approvals }, personIsSet] = await Promise.all([
        orchestrator.health(),
        orchestrator.approvals({ statuses: [...OPEN_APPROVAL], limit: COUNTED }),
        around.personIsSet?.(),
      ]);
      return healthToWire(health, { open: approvals.length, person_is_set: personIsSet ?? false });
    },
    follow: (listener) => orchestrator.subscribe((event) => listener(followedToWire(event))),
  };
};
