import type { Approvals, Decider, DecisionInput } from '../../../src/application/approving/approvals.ts';
import type { Elicitation } from '../../../src/application/approving/elicitationChoice.ts';
import {
  type Approval,
  approvalSchema,
  type Channel,
  moveApproval,
  OPEN_APPROVAL,
} from '../../../src/domain/approval.ts';
import {
  AuthenticationError,
  ConflictError,
  ForbiddenError,
  NotFoundError,
  UserDeniedError,
} from '../../../src/domain/errors/index.ts';
import type { Happening } from '../../../src/domain/events.ts';
import { type ApprovalId, approvalIdSchema, type JobId, type TaskId } from '../../../src/domain/ids.ts';
import { maySee, maySteer, PERSON, type Principal, type PrincipalId } from '../../../src/domain/principal.ts';

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const TRIES = 5;

/** The code that the fixture shows. */
export const FIXTURE_CODE = 'K7QM-2XVN';
/** The id of the one passkey that is good. */
export const GOOD_PASSKEY = 'good-passkey';

export type FixtureDesk = Approvals & {
  /** A worker's shell call waits. */
  ask(job: { readonly id: JobId; readonly owner: PrincipalId }, taskId: TaskId, command: string): Approval;
  /** The job has ended. */
  cancelAll(jobId: JobId): void;
};

/** The deciders' side of the desk in memory, by the rules of the real one as far as the faces show them. */
export const createFixtureApprovals = (
  emit: (jobId: JobId, happening: Happening) => void,
  elicitation: Elicitation = 'deny_only',
): FixtureDesk => {
  const records = new Map<ApprovalId, Approval>();
  const codes = new Map<ApprovalId, { shown: boolean; wrong: number }>();

  const found = (who: Principal, id: ApprovalId): Approval => {
    const approval = records.get(id);
    if (approval === undefined || !maySee(who, approval.requestedBy))
      throw new NotFoundError(`There is no approval ${id}.`, {
        hint: 'list_approvals shows those there are.',
      });
    return approval;
  };

  const open = (who: Principal, id: ApprovalId): Approval => {
    const approval = found(who, id);
    if (OPEN_APPROVAL.has(approval.status)) return approval;
    const by = approval.decisions.at(-1)?.by;
    throw new ConflictError(
      `Approval ${id} is ${approval.status} already${by === undefined ? '' : `, by ${by}`}.`,
      {
        hint: 'Look at it; there is nothing left to decide.',
      },
    );
  };

  const forbidden = (message: string): ForbiddenError =>
    new ForbiddenError(message, { hint: 'A person approves it on the page or in a terminal.' });

  const settle = (
    approval: Approval,
    decision: 'approve' | 'deny',
    by: PrincipalId,
    channel: Channel,
    reason: string,
  ): Approval => {
    const status = moveApproval(approval.status, decision);
    const decided: Approval = {
      ...approval,
      revision: approval.revision + 1,
      status,
      decisions: [...approval.decisions, { decision, by, channel, reason, at: NOW }],
      usesLeft: decision === 'approve' ? 1 : 0,
      decidedAt: NOW,
    };
    records.set(approval.id, decided);
    const { id, jobId, taskId } = approval;
    emit(jobId, { type: 'approval.changed', taskId, approvalId: id, status, by, channel, reason });
    return decided;
  };

  const byCode = (approval: Approval, typed: string, reason: string): Approval => {
    const code = codes.get(approval.id) ?? { shown: false, wrong: 0 };
    if (code.shown && typed === FIXTURE_CODE) return settle(approval, 'approve', PERSON.id, 'code', reason);
    code.wrong += 1;
    codes.set(approval.id, code);
    if (code.wrong < TRIES)
      throw new AuthenticationError('This code was not accepted.', { hint: 'Ask the person for a new one.' });
    settle(approval, 'deny', PERSON.id, 'server', 'Five wrong codes.');
    throw new UserDeniedError('This was the fifth wrong code: the call is denied.', {
      hint: 'Go on without.',
    });
  };

  const approve = ({ principal, via }: Decider, approval: Approval, input: DecisionInput): Approval => {
    const { reason } = input;
    if (via === 'elicitation') {
      if (elicitation !== 'approve_high' || approval.risk !== 'HIGH')
        throw forbidden('A form of a client may not approve.');
      return settle(approval, 'approve', principal.id, 'elicitation', reason);
    }
    if (input.passkey !== undefined) {
      if (input.passkey.response.id !== GOOD_PASSKEY)
        throw new AuthenticationError('This passkey was not accepted.', { hint: 'Try again.' });
      return settle(approval, 'approve', PERSON.id, 'passkey', reason);
    }
    if (input.code !== undefined) return byCode(approval, input.code, reason);
    if (via === 'passphrase') return settle(approval, 'approve', principal.id, 'passphrase', reason);
    const isOther = principal.id !== approval.requestedBy && principal.id !== PERSON.id;
    if (isOther && principal.roles.some((role) => role === 'approver' || role === 'admin'))
      return settle(approval, 'approve', principal.id, 'key', reason);
    throw forbidden('Whoever asks cannot approve.');
  };

  return {
    ask: ({ id: jobId, owner }, taskId, command) => {
      const id = approvalIdSchema.parse(`apr_${String(records.size + 1).padStart(16, '0')}`);
      const approval = approvalSchema.parse({
        id,
        revision: 0,
        jobId,
        taskId,
        lineage: 1,
        requestedBy: owner,
        status: 'pending',
        risk: 'HIGH',
        reasons: [{ code: 'delete', risk: 'HIGH', span: command, text: 'It deletes tracked files.' }],
        call: { tool: 'Bash', input: { command }, cwd: '/w/tree', env: {}, files: [] },
        policyHash: 'b'.repeat(64),
        digest: 'a'.repeat(64),
        goal: 'Mend it',
        touches: [{ path: 'fixtures', access: 'delete', exists: true, files: 3, git: 'clean' }],
        asked: 1,
        toolUseId: 'toolu_1',
        sessionId: 's',
        worktree: '/w/tree',
        approversNeeded: 1,
        decisions: [],
        usesLeft: 0,
        createdAt: NOW,
        expiresAt: NOW + 86_400_000,
      });
      records.set(id, approval);
      const reason = 'It deletes tracked files.';
      emit(jobId, {
        type: 'approval.requested',
        taskId,
        attempt: 1,
        approvalId: id,
        tool: 'Bash',
        risk: 'HIGH',
        reason,
        again: false,
      });
      return approval;
    },
    cancelAll: (jobId) => {
      for (const approval of records.values()) {
        if (approval.jobId !== jobId || !OPEN_APPROVAL.has(approval.status)) continue;
        records.set(approval.id, { ...approval, status: moveApproval(approval.status, 'cancel') });
      }
    },
    list: async (who, { jobId, statuses, limit, cursor }) => {
      const all = [...records.values()]
        .reverse()
        .filter((approval) => maySee(who, approval.requestedBy))
        .filter((approval) => jobId === undefined || approval.jobId === jobId)
        .filter(({ status }) => statuses?.includes(status) ?? OPEN_APPROVAL.has(status));
      const from = Number.isInteger(Number(cursor ?? 0)) ? Math.max(0, Number(cursor ?? 0)) : 0;
      return {
        approvals: all.slice(from, from + limit),
        nextCursor: from + limit < all.length ? String(from + limit) : undefined,
      };
    },
    get: async (who, id) => found(who, id),
    decide: async (who, id, input) => {
      const { principal, via } = who;
      const approval = open(principal, id);
      if (input.decision === 'approve') return approve(who, approval, input);
      const decides = principal.roles.some((role) => role === 'approver' || role === 'admin');
      if (!decides && !maySteer(principal, approval.requestedBy)) throw forbidden('This may not decide.');
      const channel = via === 'elicitation' ? via : via === 'passphrase' ? via : decides ? 'key' : 'agent';
      return settle(approval, 'deny', principal.id, channel, input.reason);
    },
    challenge: async ({ principal }, id) => {
      open(principal, id);
      return { flow: `flow-${id}`, options: { challenge: 'c29tZXRoaW5n' } };
    },
    showCode: async ({ principal, via }, id) => {
      open(principal, id);
      if (principal.id !== PERSON.id || (via !== 'passphrase' && via !== 'passkey'))
        throw forbidden('A code is shown to a person alone.');
      codes.set(id, { shown: true, wrong: codes.get(id)?.wrong ?? 0 });
      return { code: FIXTURE_CODE, expiresAt: NOW + 600_000 };
    },
    open: (jobId) =>
      [...records.values()].filter((one) => one.jobId === jobId && OPEN_APPROVAL.has(one.status)),
  };
};
