import type { ApprovalAnswer } from '../../../../wire/approval.ts';
import type { SessionAnswer } from '../../../../wire/session.ts';

/** How the one who looks can approve. The server decides; these only keep dead buttons off the page. */
export type Ways = {
  /** The proofs that this session can give, the strongest first. */
  readonly approve: readonly ('passkey' | 'session')[];
  readonly mayDeny: boolean;
  readonly mayShowCode: boolean;
  /** Why nobody can approve here, and what to do about it. */
  readonly missing: 'nobody' | 'signIn' | 'ownRequest' | 'role' | undefined;
};

type Asked = Pick<ApprovalAnswer, 'requested_by' | 'decisions'>;

const NO_WAY: Ways = { approve: [], mayDeny: false, mayShowCode: false, missing: undefined };

/** @param hasPasskeys whether this browser can use a passkey on this page. */
export const waysOf = (session: SessionAnswer, approval: Asked, hasPasskeys: boolean): Ways => {
  const { principal, roles, via, person } = session;
  const byPasskey = hasPasskeys && person.passkeys > 0 ? (['passkey'] as const) : [];
  // The first of two approvers cannot be the second one as well.
  const hasApproved = approval.decisions.some(
    ({ decision, by }) => decision === 'approve' && by === principal,
  );
  if (via === 'passphrase' || via === 'passkey') {
    const approve = via === 'passphrase' ? [...byPasskey, 'session' as const] : byPasskey;
    return {
      approve: hasApproved ? [] : approve,
      mayDeny: true,
      mayShowCode: true,
      missing: approve.length === 0 ? 'signIn' : undefined,
    };
  }
  const decides = roles.includes('approver') || roles.includes('admin');
  if (via === 'key' && decides) {
    const isOwn = approval.requested_by === principal;
    return {
      ...NO_WAY,
      approve: isOwn || hasApproved ? byPasskey : ['session', ...byPasskey],
      mayDeny: true,
      missing: isOwn && byPasskey.length === 0 ? 'ownRequest' : undefined,
    };
  }
  const isSetUp = person.passphrase_set || person.passkeys > 0;
  return {
    ...NO_WAY,
    approve: byPasskey,
    mayDeny: roles.includes('agent'),
    missing: !isSetUp ? 'nobody' : via === 'key' ? 'role' : 'signIn',
  };
};
