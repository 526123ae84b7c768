import type { z } from 'zod';
import type { OrchestratorError } from '../../domain/errors/index.ts';
import type { OrchestratorApi } from '../wire/api.ts';
import type { CodeAnswer, DecisionAnswer, decisionInputSchema } from '../wire/approval.ts';
import type { AuditAnswer, auditInputSchema } from '../wire/audit.ts';
import type { BatchAnswer, batchInputSchema } from '../wire/batch.ts';
import type { EventAnswer, FollowedEvent } from '../wire/event.ts';
import type { CreateKeyInput, KeyRow, NewKey } from '../wire/keys.ts';
import type { CeremonyAnswer, SessionAnswer } from '../wire/session.ts';
import type { LogPiece } from '../wire/streams.ts';
import type { SystemAnswer } from '../wire/system.ts';
import type { WorkersAnswer } from '../wire/workers.ts';

type Staying = {
  /** Ends the stream, which then resolves. */
  readonly signal: AbortSignal;
  /** The connection is lost: it is opened again by itself, without a gap; abort to give up instead. */
  readonly onLost?: (error: OrchestratorError) => void;
};

export type JobEventsOptions = Staying & {
  /** Number of the last event that is known; 0 (the default) gives all. */
  readonly after?: number;
  /** Each event once, in order. What it throws ends the stream and is thrown on. */
  readonly onEvent: (event: EventAnswer) => void;
};

export type TaskLogOptions = Staying & {
  /** Characters; 0 (the default) gives the whole log. */
  readonly offset?: number;
  /** Each piece once, in order. What it throws ends the stream and is thrown on. */
  readonly onText: (text: string, piece: LogPiece) => void;
};

export type FollowOptions = {
  /** Connected again after a break: what happened in between is not told, so lists are to be read anew. */
  readonly onGap?: () => void;
  /** The server refuses for good; nothing is heard any more. */
  readonly onRefused?: (error: OrchestratorError) => void;
};

/**
 * The orchestrator behind HTTP. Every method ends with an OrchestratorError and nothing else: the server's own,
 * `ServerUnreachableError` (retryable) where none answered, `ServerAnswerError` where the answer makes no sense.
 */
export interface OrchestratorClient extends OrchestratorApi {
  /** Where the server is, without a slash at the end. */
  readonly url: string;
  /** The events of a job, those there are and those to come, until the signal aborts; also after the job's end. */
  jobEvents(jobId: string, options: JobEventsOptions): Promise<void>;
  /** A task's log, what there is and what comes, until the signal aborts. */
  taskLog(jobId: string, taskId: string, options: TaskLogOptions): Promise<void>;
  follow(listener: (event: FollowedEvent) => void, options?: FollowOptions): () => void;
  decide(input: z.input<typeof decisionInputSchema>): Promise<DecisionAnswer>;
  /** Begins an approval by a passkey, over this very approval. */
  approvalChallenge(approvalId: string): Promise<CeremonyAnswer>;
  /** A one-time code to tell an agent; for a client that has signed in as the person. */
  approvalCode(approvalId: string): Promise<CodeAnswer>;
  workers(): Promise<WorkersAnswer>;
  system(): Promise<SystemAnswer>;
  /** Submits up to 100 jobs in order; each has its own answer, an error of one does not stop the others. */
  batch(requests: z.input<typeof batchInputSchema>['requests']): Promise<BatchAnswer>;

  createKey(input: CreateKeyInput): Promise<NewKey>;
  listKeys(): Promise<readonly KeyRow[]>;
  revokeKey(id: string): Promise<KeyRow>;
  /** @param overlapSeconds how long the old secret stays good. */
  rotateKey(id: string, overlapSeconds?: number): Promise<NewKey>;

  /** Signs in as the person: until `logout`, calls of this client are the person's. */
  loginPassphrase(passphrase: string): Promise<SessionAnswer>;
  session(): Promise<SessionAnswer>;
  logout(): Promise<void>;
  /** A link that opens the dashboard signed in, once. */
  dashboardLink(): Promise<string>;
  /** One page of the audit log, newest first; for approvers and admins. */
  audit(page?: z.input<typeof auditInputSchema>): Promise<AuditAnswer>;
}
