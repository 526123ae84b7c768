import { expect, test } from 'vitest';
import { keyPrincipal } from '../../../src/application/access/apiKeys.ts';
import { AuthenticationError, ForbiddenError } from '../../../src/domain/errors/index.ts';
import type { ApprovalId } from '../../../src/domain/ids.ts';
import { PERSON } from '../../../src/domain/principal.ts';
import { createPasskeyVerifier } from '../../../src/infrastructure/access/passkeyVerifier.ts';
import { credentialsOver } from '../../../src/infrastructure/store/credentials.ts';
import { openAccess } from '../../support/access/harness.ts';
import { type Ceremony, softAuthenticator } from '../../support/access/softAuthenticator.ts';
import { APPROVE, BLIND, ORIGIN, openDesk, WHO } from './deskHarness.ts';

/** A request that waits, and a passkey that may sign it. */
const scene = async () => {
  const open = await openDesk({ inspector: BLIND });
  const { desk, database, clock } = open;
  const { approval } = await open.ask(open.call('rm x'));
  const credentials = credentialsOver(database);
  const verifier = createPasskeyVerifier(() => ({ id: 'localhost', origins: [ORIGIN] }));
  const key = softAuthenticator();
  const { options, challenge } = await verifier.registration([]);
  const made = await verifier.register(key.create(options, { origin: ORIGIN }), challenge);
  if (made === undefined) throw new Error('the passkey was not made');
  await credentials.addPasskey({ ...made, label: 'laptop', createdAt: clock.now() });
  const sign = async (id: ApprovalId = approval.id, how: Partial<Ceremony> = {}) => {
    const begun = await desk.challenge(WHO.link, id);
    const response = key.get(begun.options, { origin: ORIGIN, ...how });
    return { ...APPROVE, passkey: { flow: begun.flow, response } } as const;
  };
  const refused = async (input: Awaited<ReturnType<typeof sign>>): Promise<void> => {
    await expect(desk.decide(WHO.link, approval.id, input)).rejects.toBeInstanceOf(AuthenticationError);
    expect((await open.stored(approval.id))?.status).toBe('pending');
  };
  return { ...open, approval, credentials, passkeyId: made.id, sign, refused };
};

test.each<[string, Partial<Ceremony>]>([
  ['a page of another origin', { origin: 'http://localhost:7778' }],
  ['a page of a name that only begins like ours', { origin: 'http://localhost.evil.example:7777' }],
  ['another relying party', { rpId: 'evil.example' }],
  ['nobody who proved to be the person', { verified: false }],
])(
  'an approval that was signed for %s is refused, and so is every further try with its flow',
  async (_what, how) => {
    const s = await scene();
    const wrong = await s.sign(s.approval.id, how);
    await s.refused(wrong);
    await s.refused(wrong);
    expect(await s.auditTypes()).toContain('approval.refused');
  },
);

test('a signature whose counter does not go on is a copied passkey, and approves nothing', async () => {
  const s = await scene();
  const { approval: first } = await s.ask(s.call('rm first'));
  const signed = await s.sign(first.id, { counter: 40 });
  expect((await s.desk.decide(WHO.link, first.id, signed)).status).toBe('approved');
  for (const counter of [40, 39, 1]) await s.refused(await s.sign(s.approval.id, { counter }));
  const good = await s.sign(s.approval.id, { counter: 41 });
  expect((await s.desk.decide(WHO.link, s.approval.id, good)).status).toBe('approved');
});

test('a passkey that is removed between the challenge and the signature approves nothing', async () => {
  const s = await scene();
  const signed = await s.sign();
  await s.credentials.removePasskey(s.passkeyId);
  await s.refused(signed);
});

test('what one approval was signed with is spent: not again for it, and not with the flow of another', async () => {
  const s = await scene();
  const { approval: other } = await s.ask(s.call('rm other'));
  const signed = await s.sign(other.id);
  expect((await s.desk.decide(WHO.link, other.id, signed)).status).toBe('approved');
  await s.refused(signed);
  const begun = await s.desk.challenge(WHO.link, s.approval.id);
  await s.refused({ ...signed, passkey: { ...signed.passkey, flow: begun.flow } });
});

test('a challenge to sign in with is none to approve by, whatever it is called', async () => {
  const s = await scene();
  const { access } = await openAccess({ folder: s.folder, origins: () => [ORIGIN] });
  const login = await access.logins.beginPasskey();
  const key = softAuthenticator();
  const response = key.get(login.options, { origin: ORIGIN });
  await s.refused({ ...APPROVE, passkey: { flow: login.flow, response } });
});

test('a key is one principal with its successors: none of them approves what the other asked for', async () => {
  const { access, folder } = await openAccess();
  const keys = access.keysFor(PERSON);
  const first = await keys.create({ label: 'ci', role: 'admin' }, PERSON.id);
  const second = await keys.rotate(first.key.id, 60, PERSON.id);
  const other = await keys.create({ label: 'of the same person', role: 'approver' }, PERSON.id);
  const own = await openDesk({
    folder,
    inspector: BLIND,
    jobs: [{ owner: keyPrincipal(first.key).id }],
  });
  const { approval } = await own.ask(own.call('rm x'));
  const session = await access.logins.byKey(second.secret);
  for (const [secret, open] of [
    [first.secret, access.identify],
    [second.secret, access.identify],
    [session.secret, access.session],
  ] as const) {
    const identity = await open(secret);
    if (identity === undefined) throw new Error('the credential is not good');
    const who = { principal: identity.principal, via: identity.via };
    await expect(own.desk.decide(who, approval.id, APPROVE)).rejects.toBeInstanceOf(ForbiddenError);
  }
  const colleague = await access.identify(other.secret);
  if (colleague === undefined) throw new Error('the key is not good');
  const decided = await own.desk.decide(
    { principal: colleague.principal, via: undefined },
    approval.id,
    APPROVE,
  );
  expect(decided).toMatchObject({ status: 'approved', decisions: [{ channel: 'key' }] });
});

test('no agent’s key makes a key, by itself or by the session that it opens', async () => {
  const { access } = await openAccess();
  const made = await access.keysFor(PERSON).create({ label: 'agent', role: 'agent' }, PERSON.id);
  const approver = await access.keysFor(PERSON).create({ label: 'approver', role: 'approver' }, PERSON.id);
  for (const { secret } of [made, approver]) {
    const session = await access.logins.byKey(secret);
    for (const identity of [await access.identify(secret), await access.session(session.secret)]) {
      if (identity === undefined) throw new Error('the credential is not good');
      expect(() => access.keysFor(identity.principal)).toThrow(ForbiddenError);
      expect(() => access.makeLink(identity.principal)).toThrow(ForbiddenError);
      expect(() => access.demandPerson(identity.principal.id)).toThrow(ForbiddenError);
    }
  }
});

test('whoever carries a code cannot make more of it than the one run that the person was told of', async () => {
  const s = await scene();
  const { code } = await s.desk.showCode(WHO.person, s.approval.id);
  for (const more of [{ uses: 2 }, { uses: 100 }, { validSeconds: 3600 }, { uses: 1, validSeconds: 1 }]) {
    await expect(
      s.desk.decide(WHO.agent, s.approval.id, { ...APPROVE, code, ...more }),
    ).rejects.toBeInstanceOf(ForbiddenError);
  }
  expect(await s.stored(s.approval.id)).toMatchObject({ status: 'pending', usesLeft: 0 });
  // The code is not spent by it: the person need not be asked again.
  const decided = await s.desk.decide(WHO.agent, s.approval.id, { ...APPROVE, code });
  expect(decided).toMatchObject({ status: 'approved', usesLeft: 1 });
});

test('a signature that somebody carries for the person is good for one run, whatever the carrier adds; the person may add more', async () => {
  const s = await scene();
  const signed = await s.sign();
  for (const more of [{ uses: 2 }, { uses: 100 }, { validSeconds: 3600 }, { uses: 1, validSeconds: 1 }])
    for (const who of [WHO.link, WHO.agent, WHO.ann])
      await expect(
        s.desk.decide(who, s.approval.id, { ...signed, ...more }),
        JSON.stringify(more),
      ).rejects.toBeInstanceOf(ForbiddenError);
  expect(await s.stored(s.approval.id)).toMatchObject({ status: 'pending', usesLeft: 0 });
  // What was signed is not spent by it: the person need not sign again.
  const once = await s.desk.decide(WHO.link, s.approval.id, { ...signed, uses: 1 });
  expect(once).toMatchObject({ status: 'approved', usesLeft: 1 });
  const { approval: other } = await s.ask(s.call('rm other'));
  const own = { ...(await s.sign(other.id)), uses: 3 };
  expect(await s.desk.decide(WHO.passkeyPerson, other.id, own)).toMatchObject({ usesLeft: 3 });
});
