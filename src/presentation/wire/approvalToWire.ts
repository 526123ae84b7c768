import type { z } from 'zod';
import type { ApprovalQuery, DecisionInput } from '../../application/approving/approvals.ts';
import type { Elicitation } from '../../application/approving/elicitationChoice.ts';
import { type Approval, OPEN_APPROVAL } from '../../domain/approval.ts';
import { callText } from '../../domain/callText.ts';
import { RISKS } from '../../domain/safety/verdict.ts';
import { visibleAround, visibleLine, visibleText } from '../../domain/visibleText.ts';
import type {
  ApprovalAnswer,
  ApprovalListAnswer,
  ApprovalRow,
  approvalListInputSchema,
  DecisionAnswer,
  decisionInputSchema,
  Waiting,
} from './approval.ts';
import { approvalUrl, decisionNext, howToDecide, listNext } from './approvalWords.ts';
import { inertLine, inertText } from './inertText.ts';
import type { Approvers } from './surroundings.ts';
import { isoTime } from './task.ts';

const COMMAND_CHARACTERS = 2000;
const WHOLE_CHARACTERS = 200_000;
const REASONS = 10;
/** Rows of one page; a larger limit gets this many and a cursor. */
const PAGE_ROWS = 50;
const FILES = 1000;
const WAITING_TASKS = 20;

/** The worst first. */
const reasonsOf = ({ reasons }: Approval): readonly Approval['reasons'][number][] =>
  reasons.toSorted((a, b) => RISKS.indexOf(b.risk) - RISKS.indexOf(a.risk)).slice(0, REASONS);

/** The command in one line with what is dangerous in it. */
export const dangerLine = (approval: Approval, maxCharacters: number): string => {
  const span = reasonsOf(approval)[0]?.span ?? '';
  return visibleAround(callText(approval.call, maxCharacters, span), span, maxCharacters);
};

/** An approval in a list; a long command is cut around what is dangerous in it. */
export const approvalRowToWire = (approval: Approval): ApprovalRow => {
  const { call } = approval;
  const command = callText(call, COMMAND_CHARACTERS);
  const last = approval.decisions.at(-1);
  return {
    approval_id: approval.id,
    job_id: approval.jobId,
    task_id: approval.taskId,
    status: approval.status,
    risk: approval.risk,
    tool: inertLine(call.tool, 200),
    command:
      command.length > COMMAND_CHARACTERS
        ? dangerLine(approval, COMMAND_CHARACTERS)
        : visibleText(command, COMMAND_CHARACTERS),
    cwd: visibleLine(call.cwd, 4096),
    reasons: reasonsOf(approval).map(({ code, risk, span, text }) => ({
      code,
      risk,
      span: visibleLine(span, 300),
      text: inertLine(text, 400),
    })),
    digest: approval.digest,
    requested_by: approval.requestedBy,
    expires_at: isoTime(approval.expiresAt),
    asked: approval.asked,
    created_at: isoTime(approval.createdAt),
    ...(last === undefined
      ? {}
      : {
          decision: last.decision,
          decided_by: last.by,
          channel: last.channel,
          ...(last.reason.trim() === '' ? {} : { decision_reason: inertLine(last.reason, 400) }),
        }),
  };
};

/** One approval, whole: its command, files and diff are cut only where nobody would read on. */
export const approvalToWire = (
  approval: Approval,
  approvers: Approvers,
  elicitation: Elicitation,
): ApprovalAnswer => {
  const url = approvalUrl(approvers, approval.id);
  return {
    ...approvalRowToWire(approval),
    command: visibleText(callText(approval.call, WHOLE_CHARACTERS), WHOLE_CHARACTERS),
    goal: inertText(approval.goal, 4000),
    env: Object.fromEntries(
      Object.entries(approval.call.env).map(([name, value]) => [
        visibleLine(name, 300),
        visibleLine(value, 1000),
      ]),
    ),
    touches: approval.touches
      .slice(0, FILES)
      .map((touched) => ({ ...touched, path: visibleLine(touched.path, 4096) })),
    files: approval.call.files.slice(0, FILES).map(({ path, realPath, sha256 }) => ({
      path: visibleLine(path, 4096),
      real_path: visibleLine(realPath, 4096),
      sha256,
    })),
    ...(approval.diff === undefined ? {} : { diff: visibleText(approval.diff, WHOLE_CHARACTERS) }),
    policy_hash: approval.policyHash,
    approvers_needed: approval.approversNeeded,
    uses_left: approval.usesLeft,
    decisions: approval.decisions.map(({ at, reason, ...rest }) => ({
      ...rest,
      reason: inertText(reason, 2000),
      at: isoTime(at),
    })),
    ...(url === undefined ? {} : { url }),
    elicitation,
    next: OPEN_APPROVAL.has(approval.status) ? howToDecide(approval, approvers, url) : decisionNext(approval),
  };
};

/** What a decision has led to. */
export const decisionToWire = (approval: Approval): DecisionAnswer => {
  const last = approval.decisions.at(-1);
  return {
    approval_id: approval.id,
    status: approval.status,
    decided_by: last?.by ?? 'server',
    channel: last?.channel ?? 'server',
    next: decisionNext(approval),
  };
};

/** The oldest of each task. @param approvals oldest first. */
const waitingTasks = (approvals: readonly Approval[]): NonNullable<Waiting['by_task']> => {
  const oldest = new Map<string, string>();
  for (const { taskId, id } of approvals) if (!oldest.has(taskId)) oldest.set(taskId, id);
  return [...oldest].slice(0, WAITING_TASKS).map(([task_id, approval_id]) => ({ task_id, approval_id }));
};

/** What waits of a job; undefined where nothing does. */
export const waitingToWire = (
  approvals: readonly Approval[] | undefined,
  approvers: Approvers,
): Waiting | undefined => {
  const first = approvals?.[0];
  if (approvals === undefined || first === undefined) return undefined;
  const url = approvalUrl(approvers, first.id);
  return {
    open: approvals.length,
    first: {
      approval_id: first.id,
      task_id: first.taskId,
      risk: first.risk,
      tool: inertLine(first.call.tool, 200),
      command: dangerLine(first, 300),
      reason: inertLine(reasonsOf(first)[0]?.text ?? '', 300),
    },
    ...(approvals.length === 1 ? {} : { by_task: waitingTasks(approvals) }),
    ...(url === undefined ? {} : { url }),
  };
};

export const approvalListFromWire = (input: z.output<typeof approvalListInputSchema>): ApprovalQuery => ({
  ...(input.job_id === undefined ? {} : { jobId: input.job_id }),
  statuses: input.status ?? [...OPEN_APPROVAL],
  limit: Math.min(input.limit, PAGE_ROWS),
  ...(input.cursor === undefined ? {} : { cursor: input.cursor }),
});

export const approvalListToWire = (
  approvals: readonly Approval[],
  nextCursor: string | undefined,
  approvers: Approvers,
): ApprovalListAnswer => ({
  approvals: approvals.map(approvalRowToWire),
  ...(nextCursor === undefined ? {} : { next_cursor: nextCursor }),
  next: listNext(approvals, approvers),
});

export const decisionFromWire = (
  input: Omit<z.output<typeof decisionInputSchema>, 'approval_id'>,
): DecisionInput => ({
  decision: input.decision,
  reason: input.reason,
  code: input.code,
  passkey: input.passkey,
  uses: input.uses,
  validSeconds: input.valid_seconds,
});
