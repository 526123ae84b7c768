import {
  AuthenticationError,
  ConflictError,
  ForbiddenError,
  NotFoundError,
} from '../../../../src/domain/errors/index.ts';
import type { DecidingClient } from '../../../../src/presentation/cli/approval/decider.ts';
import type { SigningIn } from '../../../../src/presentation/cli/personSession.ts';
import type { ApprovalAnswer, ApprovalRow } from '../../../../src/presentation/wire/approval.ts';

/** When the approvals are asked for. */
const ASKED = Date.UTC(2026, 0, 2, 3, 4, 5);
export const PASSPHRASE = 'four words that hold';
const ID = 'apr_0123456789abcdef';

const ROW: ApprovalRow = {
  approval_id: ID,
  job_id: 'job_0123456789abcdef',
  task_id: 'tidy',
  status: 'pending',
  risk: 'HIGH',
  tool: 'Bash',
  command: 'cd old && rm -rf assets',
  cwd: '/srv/trees/tidy',
  reasons: [{ code: 'delete', risk: 'HIGH', span: 'rm -rf assets', text: 'deletes files that git tracks' }],
  digest: 'ab'.repeat(32),
  requested_by: 'local-agent',
  expires_at: new Date(ASKED + 86_400_000).toISOString(),
  asked: 1,
  created_at: new Date(ASKED).toISOString(),
};

export const approvalWith = (over: Partial<ApprovalAnswer> = {}): ApprovalAnswer => ({
  ...ROW,
  goal: 'Remove what nothing uses.',
  env: {},
  touches: [{ path: 'old/assets', access: 'delete', exists: true, files: 12, git: 'clean' }],
  files: [],
  policy_hash: 'cd'.repeat(32),
  approvers_needed: 1,
  uses_left: 1,
  decisions: [],
  elicitation: 'deny_only',
  next: 'Wait.',
  ...over,
});

/**
 * The server's side of approvals for one caller after the other, in memory: decided once, a person by the passphrase
 * alone. What is called is written down.
 */
export const createDesk = (...approvals: readonly ApprovalAnswer[]) => {
  const held = new Map(approvals.map((one) => [one.approval_id, one]));
  const calls: unknown[] = [];
  const find = (id: string): ApprovalAnswer => {
    const found = held.get(id);
    if (found === undefined) throw new NotFoundError('There is no such approval.', { hint: 'Look.' });
    return found;
  };
  const clientOf = (who: {
    by: string;
    channel: ApprovalAnswer['channel'];
    mayApprove: () => boolean;
  }): DecidingClient => ({
    approvals: async (input) => {
      calls.push({ approvals: input });
      const { limit = 20, status = ['pending', 'superseded'], job_id, cursor = '0' } = input;
      const all = [...held.values()].filter(
        (one) => status.includes(one.status) && (job_id === undefined || one.job_id === job_id),
      );
      const from = Number(cursor);
      const more = from + limit < all.length;
      return {
        approvals: all.slice(from, from + limit),
        ...(more ? { next_cursor: String(from + limit) } : {}),
        next: '',
      };
    },
    approval: async (id) => find(id),
    steer: async () => {
      throw new Error('not asked for');
    },
    decide: async (input) => {
      calls.push({ decide: input, by: who.by });
      const approval = find(input.approval_id);
      if (input.decision === 'approve' && !who.mayApprove())
        throw new ForbiddenError('You may not approve.', { hint: 'Ask a person.' });
      if (approval.status !== 'pending') throw new ConflictError('It is decided.', { hint: 'Look.' });
      const status = input.decision === 'approve' ? 'approved' : 'denied';
      const channel = who.channel ?? 'agent';
      held.set(approval.approval_id, { ...approval, status, decided_by: who.by, channel });
      return { approval_id: approval.approval_id, status, decided_by: who.by, channel, next: '' };
    },
    approvalCode: async (id) => {
      calls.push({ approvalCode: id, by: who.by });
      if (!who.mayApprove()) throw new ForbiddenError('A code is for a person.', { hint: 'Sign in.' });
      return { code: 'ABCD-1234', expires_at: '2026-01-02T03:14:05.000Z' };
    },
  });
  const person = (): DecidingClient & SigningIn => {
    let signedIn = false;
    return {
      ...clientOf({ by: 'person', channel: 'passphrase', mayApprove: () => signedIn }),
      loginPassphrase: async (passphrase) => {
        calls.push('login');
        if (passphrase !== PASSPHRASE)
          throw new AuthenticationError('That is not the passphrase, or none is set.', { hint: 'init' });
        signedIn = true;
        return {
          principal: 'person',
          roles: ['admin'],
          via: 'passphrase',
          expires_at: '',
          person: { passphrase_set: true, passkeys: 0 },
        };
      },
      logout: async () => {
        calls.push('logout');
        signedIn = false;
      },
    };
  };
  return {
    calls,
    find,
    agent: clientOf({ by: 'local-agent', channel: 'agent', mayApprove: () => false }),
    approver: clientOf({ by: 'key:colleague', channel: 'key', mayApprove: () => true }),
    person,
  };
};
