import { describe, expect, it } from 'vitest';
import { waysOf } from '../../../../src/presentation/dashboard/page/pages/approvals/ways.ts';
import {
  decisionText,
  tooLateText,
} from '../../../../src/presentation/dashboard/page/pages/approvals/words.ts';
import type { SessionAnswer } from '../../../../src/presentation/wire/session.ts';

const session = (part: Partial<SessionAnswer>): SessionAnswer => ({
  principal: 'person',
  roles: ['approver', 'admin'],
  via: 'passphrase',
  expires_at: '2027-01-01T00:00:00.000Z',
  person: { passphrase_set: true, passkeys: 0 },
  ...part,
});
const agent = (person: SessionAnswer['person']): SessionAnswer =>
  session({ principal: 'local-agent', roles: ['agent'], via: 'link', person });
const asked = { requested_by: 'local-agent', decisions: [] } as const;
const withKeys = { passphrase_set: true, passkeys: 2 };

describe('how one can approve', () => {
  it('by passphrase session alone, and by passkey first where there is one', () => {
    expect(waysOf(session({}), asked, true).approve).toEqual(['session']);
    expect(waysOf(session({ person: withKeys }), asked, true).approve).toEqual(['passkey', 'session']);
    expect(waysOf(session({ person: withKeys }), asked, false).approve).toEqual(['session']);
  });

  it('a session that a passkey opened signs again, or has to sign in where the browser cannot', () => {
    const opened = session({ via: 'passkey', person: withKeys });
    expect(waysOf(opened, asked, true).approve).toEqual(['passkey']);
    expect(waysOf(opened, asked, false)).toMatchObject({ approve: [], missing: 'signIn', mayDeny: true });
  });

  it('an agent’s session carries a passkey’s proof at most, and always may deny', () => {
    expect(waysOf(agent(withKeys), asked, true)).toMatchObject({ approve: ['passkey'], mayDeny: true });
    expect(waysOf(agent({ passphrase_set: true, passkeys: 0 }), asked, true)).toMatchObject({
      approve: [],
      missing: 'signIn',
      mayDeny: true,
      mayShowCode: false,
    });
    expect(waysOf(agent({ passphrase_set: false, passkeys: 0 }), asked, true).missing).toBe('nobody');
  });

  it('a key approves what others asked for, never what it asked for itself', () => {
    const key = session({ principal: 'key:ci', roles: ['approver'], via: 'key' });
    expect(waysOf(key, asked, false).approve).toEqual(['session']);
    expect(waysOf(key, { ...asked, requested_by: 'key:ci' }, false)).toMatchObject({
      approve: [],
      missing: 'ownRequest',
      mayDeny: true,
    });
    expect(waysOf({ ...key, roles: ['viewer'] }, asked, false)).toMatchObject({
      approve: [],
      missing: 'role',
      mayDeny: false,
    });
  });

  it('one of two approvers is not the other as well', () => {
    const decisions = [
      {
        decision: 'approve',
        by: 'person',
        channel: 'passphrase',
        reason: '',
        at: '2026-01-01T00:00:00.000Z',
      },
    ] as const;
    expect(waysOf(session({}), { ...asked, decisions }, true)).toMatchObject({ approve: [], mayDeny: true });
  });
});

describe('the words of a decision', () => {
  const denied = {
    decision: 'deny',
    by: 'key:ops',
    channel: 'key',
    reason: 'not now',
    at: '2026-01-01T00:00:00.000Z',
  } as const;

  it('say who was first and how, or that nobody was', () => {
    expect(decisionText(denied)).toBe('denied by API key: not now');
    expect(tooLateText({ status: 'denied', decisions: [denied] })).toBe(
      'key:ops has decided already: denied by API key: not now',
    );
    expect(tooLateText({ status: 'expired', decisions: [] })).toMatch(/expired/);
    expect(tooLateText({ status: 'cancelled', decisions: [denied] })).toMatch(/cancelled/);
  });
});
