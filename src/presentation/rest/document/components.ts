import { z } from 'zod';
import { analysisAnswerSchema, analyzeInputSchema } from '../../wire/analysis.ts';
import {
  approvalAnswerSchema,
  approvalListAnswerSchema,
  approvalReasonSchema,
  approvalRowSchema,
  codeAnswerSchema,
  decisionAnswerSchema,
  decisionInputSchema,
  elicitedInputSchema,
  waitingSchema,
} from '../../wire/approval.ts';
import { auditAnswerSchema, auditEntryAnswerSchema } from '../../wire/audit.ts';
import { batchAnswerSchema, batchInputSchema, batchItemSchema } from '../../wire/batch.ts';
import { cancelInputSchema } from '../../wire/cancel.ts';
import { errorAnswerSchema } from '../../wire/error.ts';
import { eventAnswerSchema, eventsAnswerSchema, followedEventSchema } from '../../wire/event.ts';
import { jobAnswerSchema } from '../../wire/job.ts';
import { jobListAnswerSchema, jobRowSchema } from '../../wire/jobList.ts';
import { orchestrateInputSchema, submitInputSchema } from '../../wire/jobSpec.ts';
import {
  createKeyInputSchema,
  keyListAnswerSchema,
  keyRowSchema,
  newKeySchema,
  rotateKeyInputSchema,
} from '../../wire/keys.ts';
import { problemSchema } from '../../wire/problem.ts';
import { resultAnswerSchema } from '../../wire/result.ts';
import { ceremonyAnswerSchema, linkAnswerSchema, sessionAnswerSchema } from '../../wire/session.ts';
import { progressSchema, statisticsSchema } from '../../wire/statistics.ts';
import { steerInputSchema } from '../../wire/steer.ts';
import { logPieceSchema, waitProgressSchema } from '../../wire/streams.ts';
import { systemAnswerSchema } from '../../wire/system.ts';
import { detailedTaskAnswerSchema, taskAnswerSchema } from '../../wire/task.ts';
import { taskOutputAnswerSchema } from '../../wire/taskOutput.ts';
import { plannedTaskSchema, taskInputSchema } from '../../wire/taskSpec.ts';
import { OF_THE_WHOLE_JOB, wholeJobAnswerSchema } from '../../wire/wholeJob.ts';
import { workerRowSchema, workersAnswerSchema } from '../../wire/workers.ts';

/** What callers send. */
export const INPUTS = {
  OrchestrateInput: [orchestrateInputSchema, 'A job to be done'],
  SubmitInput: [submitInputSchema, 'A job to be done, without a wait'],
  TaskInput: [taskInputSchema, 'One task of a plan that the caller gives'],
  AnalyzeInput: [analyzeInputSchema, 'A request to be looked at'],
  BatchInput: [batchInputSchema, 'Jobs to be submitted together'],
  CancelInput: [cancelInputSchema.omit({ job_id: true }), 'What to cancel; without a task the whole job'],
  SteerInput: [steerInputSchema.omit({ job_id: true }), 'What to do with a job or a task'],
  DecisionInput: [decisionInputSchema.omit({ approval_id: true }), 'A decision, and by what proof'],
  ElicitedInput: [elicitedInputSchema.omit({ approval_id: true }), "What an MCP client's form said"],
  CreateKeyInput: [createKeyInputSchema, 'A new API key'],
  RotateKeyInput: [rotateKeyInputSchema, 'How an API key gets a new secret'],
} as const satisfies Record<string, readonly [z.ZodType, string]>;

/** What they are answered with. */
export const OUTPUTS = {
  JobAnswer: [jobAnswerSchema, 'A job; long lists are cut, `omitted` says by how much'],
  WholeJobAnswer: [wholeJobAnswerSchema, `A job with ${OF_THE_WHOLE_JOB}`],
  AnyJobAnswer: [z.union([jobAnswerSchema, wholeJobAnswerSchema]), 'A job, by the `view` that was asked for'],
  TaskAnswer: [taskAnswerSchema, 'A task of a job'],
  DetailedTaskAnswer: [detailedTaskAnswerSchema, 'A task with everything that is known of it'],
  Progress: [progressSchema, 'Tasks that are done, of all'],
  Statistics: [statisticsSchema, 'Tasks by how they ended'],
  JobRow: [jobRowSchema, 'A job in one line'],
  JobListAnswer: [jobListAnswerSchema, 'One page of jobs'],
  ResultAnswer: [resultAnswerSchema, "A job's outcome"],
  EventAnswer: [eventAnswerSchema, 'Something that happened to a job, with what its type carries'],
  EventsAnswer: [eventsAnswerSchema, 'One page of events'],
  FollowedEvent: [followedEventSchema, 'That something has happened to a job'],
  WaitProgress: [waitProgressSchema, 'How far a job is that is waited for'],
  TaskOutputAnswer: [taskOutputAnswerSchema, "One page of a task's log"],
  LogPiece: [logPieceSchema, "What was added to a task's log"],
  AnalysisAnswer: [analysisAnswerSchema, 'What a request would be'],
  PlannedTask: [plannedTaskSchema, 'A task as it would be run'],
  BatchAnswer: [batchAnswerSchema, 'One answer a request, in their order'],
  BatchItem: [batchItemSchema, 'The job, or why there is none'],
  ApprovalRow: [approvalRowSchema, 'A call that a person is asked about'],
  ApprovalReason: [approvalReasonSchema, 'Why a person is asked'],
  ApprovalListAnswer: [approvalListAnswerSchema, 'One page of approvals'],
  ApprovalAnswer: [approvalAnswerSchema, 'An approval with everything that is bound by it'],
  Waiting: [waitingSchema, 'What waits of a job for a person'],
  DecisionAnswer: [decisionAnswerSchema, 'What a decision has led to'],
  CodeAnswer: [codeAnswerSchema, 'A one-time code, which is told this once'],
  AuditEntryAnswer: [auditEntryAnswerSchema, 'An entry of the audit log'],
  AuditAnswer: [auditAnswerSchema, 'One page of the audit log'],
  WorkerRow: [workerRowSchema, 'A worker at its task'],
  WorkersAnswer: [workersAnswerSchema, 'The workers that have a task now'],
  SystemAnswer: [systemAnswerSchema, "The server's state"],
  ErrorAnswer: [errorAnswerSchema, 'Why a task or a job failed, and what to do'],
  Problem: [problemSchema, 'Why a call failed, and what to do (RFC 9457)'],
  KeyRow: [keyRowSchema, 'An API key without its secret'],
  KeyListAnswer: [keyListAnswerSchema, 'All API keys'],
  NewKey: [newKeySchema, 'An API key with its secret, which is told this once'],
  CeremonyAnswer: [
    ceremonyAnswerSchema,
    "A ceremony that was begun: options for the browser's WebAuthn call",
  ],
  SessionAnswer: [sessionAnswerSchema, 'Who is signed in, how, and until when'],
  LinkAnswer: [linkAnswerSchema, 'A link that opens the dashboard signed in, once'],
} as const satisfies Record<string, readonly [z.ZodType, string]>;

export type ComponentName = keyof typeof INPUTS | keyof typeof OUTPUTS;
