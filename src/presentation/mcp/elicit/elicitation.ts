import { setTimeout as sleep } from 'node:timers/promises';
import type {
  CallToolResult,
  InputRequiredResult,
  McpServer,
  ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { jobIdSchema } from '../../../domain/ids.ts';
import type { OrchestratorApi } from '../../wire/api.ts';
import { jobAnswerSchema } from '../../wire/job.ts';
import { abilitiesIn, abilitiesOf, type ClientAbilities } from '../clientAbilities.ts';
import type { Tool, ToolContext } from '../tool.ts';
import { jobWait } from '../tools/jobWait.ts';
import type { Asked } from './asked.ts';
import { inputRequestsFor, roundOf, takeResponses, withNotes } from './inputRounds.ts';
import { openApprovals, type WaitingJob } from './openApprovals.ts';
import { createPushedQuestions, type Outcome, type PushedQuestions } from './pushedQuestions.ts';

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
const waitingIn = (result: CallToolResult): WaitingJob | undefined => {
  const { data: job } = jobAnswerSchema.safeParse(result.structuredContent);
  if (result.isError === true || job?.approvals === undefined) return undefined;
  return { ...job, approvals: job.approvals };
};

export const createElicitation = ({ server, era, asked }: ElicitationOptions): Elicitation => {
  const pushed = createPushedQuestions(server);

  /** The question that is on the screen, or the next one is put there; undefined where all were asked. */
  const onScreen = async (
    api: OrchestratorApi,
    job: WaitingJob,
    during: Parameters<PushedQuestions['ask']>[2],
  ): Promise<Promise<Outcome>[]> => {
    for (const id of await openApprovals(api, job)) {
      if (asked.first(id)) pushed.ask(api, id, during);
      const pending = pushed.pending(id);
      // In a list, since a promise of a promise would be waited for.
      if (pending !== undefined) return [pending];
    }
    return [];
  };

  /** 2025: questions are pushed one after the other while the call is held; one stays when the call's time is over. */
  const pushing = async (
    tool: Tool,
    args: unknown,
    during: Parameters<PushedQuestions['ask']>[2],
    ours: ToolContext,
  ): Promise<Answer> => {
    const until = performance.now() + secondsIn(tool, args) * 1000;
    const notes: string[] = [];
    let result = await tool.call(args, ours);
    for (;;) {
      const job = waitingIn(result);
      if (job === undefined) return withNotes(result, notes);
      const [pending] = await onScreen(await ours.api(), job, during);
      if (pending === undefined) return withNotes(result, notes);
      const outcome = await within(pending, until - performance.now(), ours.signal);
      if (outcome === undefined)
        return withNotes(result, [...notes, 'The user is being asked by a form of this client.']);
      if (outcome.note !== undefined) notes.push(outcome.note);
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
    if (job === undefined) return withNotes(result, notes);
    const api = await ours.api();
    const next = (await openApprovals(api, job)).find(asked.first);
    if (next === undefined) return withNotes(result, notes);
    return roundOf(await inputRequestsFor(api, next, can), job.job_id) ?? withNotes(result, notes);
  };

  return {
    call: async (tool, args, context, ours) => {
      const { tasks, elicitation: can } =
        era === 'modern' ? abilitiesOf(context) : abilitiesIn(server.server.getClientCapabilities());
      const waits = tool.name === 'job_wait' || (tool.name === 'orchestrate' && secondsIn(tool, args) > 0);
      // Whoever takes a task for an answer is asked by the task.
      const byTask = tasks && tool.name === 'orchestrate';
      if (!waits || byTask || !(can.form || can.url)) return tool.call(args, ours);
      return era === 'modern'
        ? rounds(tool, args, can, context, ours)
        : pushing(tool, args, { can, request: context.mcpReq.id }, ours);
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
