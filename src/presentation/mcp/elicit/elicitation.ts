import { setTimeout as sleep } from 'node:timers/promises';
import type {
  CallToolResult,
  InputRequiredResult,
  McpServer,
  ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { jobIdSchema } from '../../../domain/ids.ts';
import { type JobAnswer, jobAnswerSchema } from '../../wire/job.ts';
import { abilitiesIn, abilitiesOf, type ClientAbilities } from '../clientAbilities.ts';
import type { Tool, ToolContext } from '../tool.ts';
import { jobWait } from '../tools/jobWait.ts';
import { questionOf } from './approvalForm.ts';
import type { Asked } from './asked.ts';
import { inputRequestsFor, roundOf, takeResponses, withNotes } from './inputRounds.ts';
import { createPushedQuestions } from './pushedQuestions.ts';

export type Answer = CallToolResult | InputRequiredResult;

/** Calls a tool, and puts what waits for a person to the client's own person, where the client can. */
export type Elicitation = {
  readonly call: (tool: Tool, args: unknown, context: ServerContext, ours: ToolContext) => Promise<Answer>;
};

export type ElicitationOptions = {
  readonly server: McpServer;
  readonly era: 'legacy' | 'modern';
  readonly asked: Asked;
};

const secondsIn = (tool: Tool, args: unknown): number => {
  const parsed = tool.input.safeParse(args ?? {});
  const { data } = z.looseObject({ wait_seconds: z.number() }).safeParse(parsed.data);
  return data?.wait_seconds ?? 0;
};

/** The job of an answer where a call of it waits; undefined for every other answer. */
const waitingIn = (
  result: CallToolResult,
): (JobAnswer & Required<Pick<JobAnswer, 'approvals'>>) | undefined => {
  const { data: job } = jobAnswerSchema.safeParse(result.structuredContent);
  if (result.isError === true || job?.approvals === undefined) return undefined;
  return { ...job, approvals: job.approvals };
};

export const createElicitation = ({ server, era, asked }: ElicitationOptions): Elicitation => {
  const pushed = createPushedQuestions(server);

  /** 2025: the question is pushed while the call is held; it stays when the call's time is over. */
  const pushing = async (
    tool: Tool,
    args: unknown,
    can: ClientAbilities['elicitation'],
    ours: ToolContext,
  ): Promise<Answer> => {
    const until = performance.now() + secondsIn(tool, args) * 1000;
    let result = await tool.call(args, ours);
    for (;;) {
      const job = waitingIn(result);
      if (job === undefined) return result;
      const id = job.approvals.first.approval_id;
      const api = await ours.api();
      if (asked.first(id)) {
        const approval = await api.approval(id);
        const question = questionOf(approval, can);
        if (question !== undefined) pushed.ask(api, approval, question);
      }
      const pending = pushed.pending(id);
      if (pending === undefined) return result;
      const outcome = await within(pending, until - performance.now(), ours.signal);
      if (outcome === undefined)
        return withNotes(result, ['The user is being asked by a form of this client.']);
      if (outcome.kind === 'open') return withNotes(result, outcome.note === undefined ? [] : [outcome.note]);
      const left = Math.max(0, Math.floor(until - performance.now()) / 1000);
      result = await jobWait.call({ job_id: job.job_id, wait_seconds: left }, ours);
    }
  };

  /** 2026: the question is the answer, and the client calls again with what its person said. */
  const rounds = async (
    tool: Tool,
    args: unknown,
    can: ClientAbilities['elicitation'],
    { mcpReq }: ServerContext,
    ours: ToolContext,
  ): Promise<Answer> => {
    const responses = mcpReq.inputResponses;
    const notes = responses === undefined ? [] : await takeResponses(await ours.api(), asked, responses);
    // The job was started in the round before. The id proves nothing: the caller's own view of the jobs is asked.
    const { data: started } = jobIdSchema.safeParse(mcpReq.requestState());
    const result =
      tool.name === 'orchestrate' && started !== undefined
        ? await jobWait.call({ job_id: started, wait_seconds: secondsIn(tool, args) }, ours)
        : await tool.call(args, ours);
    const job = waitingIn(result);
    const id = job?.approvals.first.approval_id;
    if (job === undefined || id === undefined || !asked.first(id)) return withNotes(result, notes);
    const requests = await inputRequestsFor(await ours.api(), id, can);
    return roundOf(requests, job.job_id) ?? withNotes(result, notes);
  };

  return {
    call: async (tool, args, context, ours) => {
      const { tasks, elicitation: can } =
        era === 'modern' ? abilitiesOf(context) : abilitiesIn(server.server.getClientCapabilities());
      const waits = tool.name === 'job_wait' || (tool.name === 'orchestrate' && secondsIn(tool, args) > 0);
      // Whoever takes a task for an answer is asked by the task.
      const byTask = tasks && tool.name === 'orchestrate';
      if (!waits || byTask || !(can.form || can.url)) return tool.call(args, ours);
      return era === 'modern' ? rounds(tool, args, can, context, ours) : pushing(tool, args, can, ours);
    },
  };
};

/** What `promise` resolves with; undefined where the time is over before. @throws the signal's reason. */
const within = async <T>(promise: Promise<T>, ms: number, signal: AbortSignal): Promise<T | undefined> => {
  if (ms <= 0) return undefined;
  const over = new AbortController();
  try {
    return await Promise.race([
      promise,
      sleep(ms, undefined, { signal: AbortSignal.any([signal, over.signal]) }),
    ]);
  } finally {
    over.abort();
  }
};
