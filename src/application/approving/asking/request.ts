import { type Approval, type BoundCall, moveApproval } from '../../../domain/approval.ts';
import type { AuditEntry } from '../../../domain/audit.ts';
import type { Clock, Ids } from '../../ports/system.ts';
import type { ApprovalBoard } from '../board/board.ts';
import type { LiveApproval } from '../board/liveApproval.ts';
import type { ChangeWords } from '../board/record.ts';
import type { WaitingCall } from '../ports.ts';
import type { SeenCall } from './seenCall.ts';

const MOST_REASONS = 50;

export type RequestDeps = {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly expiryMs: number;
};

/** Asks a person about a call that nobody asks about yet. */
export const request = (
  board: ApprovalBoard,
  { clock, ids, expiryMs }: RequestDeps,
  call: WaitingCall,
  seen: SeenCall,
): Promise<LiveApproval> => {
  const { jobId, taskId, verdict } = call;
  const now = clock.now();
  const approval: Approval = {
    id: ids.approval(),
    revision: 1,
    jobId,
    taskId,
    lineage: call.lineage,
    requestedBy: seen.owner,
    status: 'pending',
    risk: verdict.risk,
    reasons: verdict.reasons.slice(0, MOST_REASONS),
    call: seen.call,
    policyHash: call.policyHash,
    digest: seen.digest,
    goal: seen.goal,
    touches: seen.touches,
    ...(seen.diff === undefined ? {} : { diff: seen.diff }),
    asked: 1,
    toolUseId: call.toolUseId,
    sessionId: call.sessionId,
    worktree: call.worktree,
    approversNeeded: verdict.approversNeeded,
    decisions: [],
    usesLeft: 0,
    createdAt: now,
    expiresAt: now + expiryMs,
  };
  return board.create(approval, requested(approval, call, false));
};

/** An equal call waits with the one that is shown already. */
export const join = async (
  board: ApprovalBoard,
  live: LiveApproval,
  call: WaitingCall,
): Promise<LiveApproval> => {
  const { status, toolUseId, sessionId } = live.now;
  const waits = status === 'pending' && toolUseId === call.toolUseId && sessionId === call.sessionId;
  // The very call that waits already, with more patience.
  if (waits) return live;
  await board.change(
    live,
    (now) => ({
      ...now,
      status: now.status === 'superseded' ? moveApproval(now.status, 'ask_again') : now.status,
      asked: now.asked + 1,
      toolUseId: call.toolUseId,
      sessionId: call.sessionId,
    }),
    (now) => requested(now, call, true),
  );
  return live;
};

/** What was asked for, as people read it; its whole is in the table of approvals, and bound by the digest. */
const asked = ({ input }: BoundCall): AuditEntry['detail'] =>
  typeof input.command === 'string' ? { command: input.command } : { input };

const requested = (approval: Approval, { attempt }: WaitingCall, again: boolean): ChangeWords => ({
  audit: {
    type: 'approval.requested',
    actor: approval.requestedBy,
    detail: {
      digest: approval.digest,
      tool: approval.call.tool,
      risk: approval.risk,
      reasons: [...new Set(approval.reasons.map(({ code }) => code))],
      asked: approval.asked,
      cwd: approval.call.cwd,
      ...asked(approval.call),
    },
  },
  happening: {
    type: 'approval.requested',
    taskId: approval.taskId,
    attempt,
    approvalId: approval.id,
    tool: approval.call.tool,
    risk: approval.risk,
    reason: approval.reasons[0]?.text ?? '',
    again,
  },
});
