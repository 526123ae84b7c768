import type { z } from 'zod';
import type { AnalysisAnswer, analyzeInputSchema } from './analysis.ts';
import type {
  ApprovalAnswer,
  ApprovalListAnswer,
  approvalListInputSchema,
  DecisionAnswer,
  decideInputSchema,
  elicitedInputSchema,
} from './approval.ts';
import type { cancelInputSchema } from './cancel.ts';
import type { EventsAnswer, FollowedEvent } from './event.ts';
import type { HealthAnswer } from './health.ts';
import type { JobAnswer } from './job.ts';
import type { JobListAnswer, jobListInputSchema } from './jobList.ts';
import type { submitInputSchema } from './jobSpec.ts';
import type { ResultAnswer } from './result.ts';
import type { steerInputSchema } from './steer.ts';
import type { TaskOutputAnswer, taskLogInputSchema } from './taskOutput.ts';
import type { WholeJobAnswer } from './wholeJob.ts';

/** How far a job is that is waited for. */
export type WaitProgress = {
  readonly done: number;
  /** 0 as long as there is no plan. */
  readonly total: number;
  readonly ended: boolean;
  /** What has just happened, in a few words. */
  readonly message?: string | undefined;
};

export type Watch = {
  /** Ends the wait, never the job. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: WaitProgress) => void;
};

/**
 * The orchestrator in the wire's words: what every face shows, and what the HTTP client gives. Each method
 * checks what it is given, and throws an OrchestratorError and nothing else.
 */
export interface OrchestratorApi {
  analyze(input: z.input<typeof analyzeInputSchema>): Promise<AnalysisAnswer>;
  /** Resolves once the job is durable, with status `submitted`. */
  submit(input: z.input<typeof submitInputSchema>): Promise<JobAnswer>;
  status(jobId: string): Promise<JobAnswer>;
  /** The job with every entry of its lists; each text is still cut by itself. */
  whole(jobId: string): Promise<WholeJobAnswer>;
  /** Waits until the job has ended or wants a person, at most `seconds` (0 to 45). */
  wait(jobId: string, seconds: number, watch: Watch): Promise<JobAnswer>;
  result(jobId: string): Promise<ResultAnswer>;
  list(input: z.input<typeof jobListInputSchema>): Promise<JobListAnswer>;
  cancel(input: z.input<typeof cancelInputSchema>): Promise<JobAnswer>;
  steer(input: z.input<typeof steerInputSchema>): Promise<JobAnswer>;
  taskOutput(input: z.input<typeof taskLogInputSchema>): Promise<TaskOutputAnswer>;
  /** Events with a number above `after`, at most `limit` (1 to 1000). */
  events(jobId: string, after: number, limit: number): Promise<EventsAnswer>;
  diff(jobId: string): Promise<string>;
  approvals(input: z.input<typeof approvalListInputSchema>): Promise<ApprovalListAnswer>;
  approval(approvalId: string): Promise<ApprovalAnswer>;
  /** @throws what `Approvals.decide` throws. */
  decide(input: z.input<typeof decideInputSchema>): Promise<DecisionAnswer>;
  /** What an MCP client's form said: it may deny; it approves only what the person let such forms approve. */
  elicited(input: z.input<typeof elicitedInputSchema>): Promise<DecisionAnswer>;
  health(): Promise<HealthAnswer>;
  /** Hears that something has happened to a job, as long as it is connected; ends with the returned function. */
  follow(listener: (event: FollowedEvent) => void): () => void;
}
