import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Decider } from '../../../src/application/approving/approvals.ts';
import { challengeOf } from '../../../src/application/approving/digest.ts';
import {
  AuthenticationError,
  ConflictError,
  ForbiddenError,
  UserDeniedError,
} from '../../../src/domain/errors/index.ts';
import { createPasskeyVerifier } from '../../../src/infrastructure/access/passkeyVerifier.ts';
import { credentialsOver } from '../../../src/infrastructure/store/credentials.ts';
import { softAuthenticator } from '../../support/access/softAuthenticator.ts';
import { JOB_ID } from '../../support/specs.ts';
import { APPROVE, BLIND, DENY, type OpenDesk, ORIGIN, openDesk, verdict, WHO } from './deskHarness.ts';

/** A desk with one request, and a passkey that the person has registered. */
const withRequest = async (o: Parameters<typeof openDesk>[0] = {}) => {
  const open = await openDesk({ inspector: BLIND, ...o });
  return { ...open, ...(await open.ask(open.call('rm x'))) };
};

const registered = async ({ database }: OpenDesk) => {
  const key = softAuthenticator();
  const verifier = createPasskeyVerifier(() => ({ id: 'localhost', origins: [ORIGIN] }));
  const store = credentialsOver(database);
  const { options, challenge } = await verifier.registration([]);
  const made = await verifier.register(key.create(options, { origin: ORIGIN }), challenge);
  if (made === undefined) throw new Error('the passkey was not registered');
  const passkey = { ...made, label: 'test', createdAt: 0 };
  await store.addPasskey(passkey);
  return { key, passkey, store };
};

test('who may approve without more: the person by passphrase, and another principal with the role approver or admin', async () => {
  for (const [who, by, channel] of [
    [WHO.person, 'person', 'passphrase'],
    [WHO.ann, 'key:ann', 'key'],
    [WHO.admin, 'key:root', 'key'],
    [WHO.colleague, 'oauth:carol', 'key'],
  ] as const) {
    const { desk, approval, ruling } = await withRequest();
    const decided = await desk.decide(who, approval.id, APPROVE);
    expect(decided.decisions).toMatchObject([{ decision: 'approve', by, channel }]);
    expect((await ruling).kind).toBe('allow');
  }
});

test('nobody else can approve: not the requester by any face, no session of a passkey, no viewer; each try is audited', async () => {
  const { desk, approval, stored, audit } = await withRequest({ elicitation: 'deny_only' });
  const tries: readonly Decider[] = [WHO.agent, WHO.link, WHO.elicited, WHO.passkeyPerson, WHO.viewer];
  for (const who of tries)
    await expect(desk.decide(who, approval.id, APPROVE), String(who.via)).rejects.toBeInstanceOf(
      ForbiddenError,
    );
  expect(await stored(approval.id)).toMatchObject({ status: 'pending', decisions: [] });
  expect((await audit()).filter(({ type }) => type === 'approval.refused')).toHaveLength(tries.length);
});

test('a key cannot approve the calls of its own job, whatever its roles; it can deny them', async () => {
  const mine = {
    principal: { ...WHO.admin.principal, roles: ['agent', 'approver', 'admin'] },
    via: undefined,
  } as const;
  const { desk, approval } = await withRequest({ jobs: [{ owner: mine.principal.id }] });
  expect(approval.requestedBy).toBe('key:root');
  await expect(desk.decide(mine, approval.id, APPROVE)).rejects.toThrow('submitted the job');
  await expect(desk.decide({ ...mine, via: 'key' }, approval.id, APPROVE)).rejects.toThrow(
    'submitted the job',
  );
  expect((await desk.decide(mine, approval.id, DENY)).status).toBe('denied');
});

test('the person may approve the calls of a job of its own, since the proof is fresh', async () => {
  const { desk, approval } = await withRequest({ jobs: [{ owner: WHO.person.principal.id }] });
  expect((await desk.decide(WHO.person, approval.id, APPROVE)).status).toBe('approved');
});

test('everyone may deny who may steer the job or decides by role, and nobody else', async () => {
  for (const [who, channel] of [
    [WHO.agent, 'agent'],
    [WHO.link, 'agent'],
    [WHO.elicited, 'elicitation'],
    [WHO.passkeyPerson, 'passkey'],
    [WHO.person, 'passphrase'],
    [WHO.ann, 'key'],
  ] as const) {
    const { desk, approval } = await withRequest();
    expect(await desk.decide(who, approval.id, DENY)).toMatchObject({
      status: 'denied',
      decisions: [{ channel, by: who.principal.id }],
    });
  }
  const { desk, approval } = await withRequest();
  await expect(desk.decide(WHO.viewer, approval.id, DENY)).rejects.toBeInstanceOf(ForbiddenError);
});

test('a form in the client approves HIGH where the person chose so at init, and CRITICAL never', async () => {
  const high = await withRequest({ elicitation: 'approve_high' });
  expect(await high.desk.decide(WHO.elicited, high.approval.id, APPROVE)).toMatchObject({
    status: 'approved',
    decisions: [{ channel: 'elicitation' }],
  });
  const critical = await high.ask(
    high.call('dd', { verdict: verdict({ risk: 'CRITICAL', approversNeeded: 2 }) }),
  );
  await expect(high.desk.decide(WHO.elicited, critical.approval.id, APPROVE)).rejects.toBeInstanceOf(
    ForbiddenError,
  );
});

test('two approvers must be two: the first leaves it pending, the same again is refused, another decides', async () => {
  const { desk, ask, call, stored } = await openDesk({ inspector: BLIND });
  const { approval, ruling } = await ask(
    call('git push --force', { verdict: verdict({ risk: 'CRITICAL', approversNeeded: 2 }) }),
  );
  const first = await desk.decide(WHO.ann, approval.id, APPROVE);
  expect(first).toMatchObject({ status: 'pending', decisions: [{ by: 'key:ann' }] });
  await expect(desk.decide(WHO.ann, approval.id, APPROVE)).rejects.toThrow('must be another');
  const { code } = await desk.showCode(WHO.person, approval.id);
  expect(await stored(approval.id)).toMatchObject({ status: 'pending' });
  expect((await desk.decide(WHO.agent, approval.id, { ...APPROVE, code })).status).toBe('approved');
  expect((await ruling).kind).toBe('allow');
  expect((await stored(approval.id))?.decisions.map(({ by }) => by)).toEqual(['key:ann', 'person']);
});

test('the person is one approver, by whatever proof: passphrase and code do not make two', async () => {
  const { desk, ask, call } = await openDesk({ inspector: BLIND });
  const { approval } = await ask(call('x', { verdict: verdict({ risk: 'CRITICAL', approversNeeded: 2 }) }));
  const { code } = await desk.showCode(WHO.person, approval.id);
  await desk.decide(WHO.person, approval.id, APPROVE);
  await expect(desk.decide(WHO.agent, approval.id, { ...APPROVE, code })).rejects.toThrow('must be another');
  await desk.decide(WHO.ann, approval.id, DENY);
  expect(desk.open(JOB_ID)).toEqual([]);
});

test('a code that the person was shown lets its carrier approve, once, and the record names both', async () => {
  const { desk, approval, ask, call, stored, audit } = await withRequest();
  const { code, expiresAt } = await desk.showCode(WHO.person, approval.id);
  expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
  expect(expiresAt).toBe(600_000);
  const typed = ` ${code.toLowerCase().replace('-', ' ')}`;
  await desk.decide(WHO.agent, approval.id, { ...APPROVE, reason: 'she said yes', code: typed });
  expect((await stored(approval.id))?.decisions).toMatchObject([
    { by: 'person', channel: 'code', reason: 'she said yes (told by code to local-agent)' },
  ]);
  const next = await ask(call('rm y'));
  await expect(desk.decide(WHO.agent, next.approval.id, { ...APPROVE, code })).rejects.toBeInstanceOf(
    AuthenticationError,
  );
  const log = JSON.stringify(await audit());
  expect(log).toContain('approval.code_shown');
  expect(log).toContain('"carrier":"local-agent"');
  expect(log).not.toContain(code);
  expect(log).not.toContain(code.replace('-', ''));
});

test('only a person who proved it is shown a code', async () => {
  const { desk, approval, auditTypes } = await withRequest();
  for (const who of [WHO.agent, WHO.link, WHO.ann, WHO.admin, { ...WHO.person, via: undefined }])
    await expect(desk.showCode(who, approval.id)).rejects.toBeInstanceOf(ForbiddenError);
  expect((await auditTypes()).filter((type) => type === 'approval.refused')).toHaveLength(5);
  await desk.showCode(WHO.passkeyPerson, approval.id);
});

test('a code is good for one approval, ten minutes, and until the next is shown', async () => {
  const { desk, approval, ask, call, clock } = await withRequest();
  const other = await ask(call('rm other'));
  const first = await desk.showCode(WHO.person, approval.id);
  const elsewhere = desk.decide(WHO.agent, other.approval.id, { ...APPROVE, code: first.code });
  await expect(elsewhere).rejects.toBeInstanceOf(AuthenticationError);
  const second = await desk.showCode(WHO.person, approval.id);
  await expect(desk.decide(WHO.agent, approval.id, { ...APPROVE, code: first.code })).rejects.toThrow(
    'wrong',
  );
  await clock.advance(600_000);
  await expect(desk.decide(WHO.agent, approval.id, { ...APPROVE, code: second.code })).rejects.toThrow(
    'too old',
  );
  const third = await desk.showCode(WHO.person, approval.id);
  expect((await desk.decide(WHO.agent, approval.id, { ...APPROVE, code: third.code })).status).toBe(
    'approved',
  );
});

test('the fifth wrong code denies the call, and the right one is worth nothing then', async () => {
  const { desk, approval, ruling, stored, audit } = await withRequest();
  const { code } = await desk.showCode(WHO.person, approval.id);
  const wrong = { ...APPROVE, code: code.startsWith('0') ? '1111-1111' : '0000-0000' };
  for (let at = 0; at < 4; at++)
    await expect(desk.decide(WHO.agent, approval.id, wrong)).rejects.toBeInstanceOf(AuthenticationError);
  expect(await stored(approval.id)).toMatchObject({ status: 'pending' });
  await expect(desk.decide(WHO.agent, approval.id, wrong)).rejects.toBeInstanceOf(UserDeniedError);
  await expect(desk.decide(WHO.agent, approval.id, { ...APPROVE, code })).rejects.toBeInstanceOf(
    ConflictError,
  );
  expect((await ruling).kind).toBe('deny');
  expect((await stored(approval.id))?.decisions).toMatchObject([{ decision: 'deny', channel: 'server' }]);
  const types = (await audit()).map(({ type }) => type);
  expect(types.filter((type) => type === 'approval.code_wrong')).toHaveLength(4);
  expect(types).toContain('approval.denied');
});

test('a new code does not give new tries', async () => {
  const { desk, approval } = await withRequest();
  const wrong = { ...APPROVE, code: 'ZZZZ-ZZZZ' };
  for (let at = 0; at < 4; at++) {
    await desk.showCode(WHO.person, approval.id);
    await expect(desk.decide(WHO.agent, approval.id, wrong)).rejects.toBeInstanceOf(AuthenticationError);
  }
  await desk.showCode(WHO.person, approval.id);
  await expect(desk.decide(WHO.agent, approval.id, wrong)).rejects.toBeInstanceOf(UserDeniedError);
});

test('a passkey signs this approval, whoever carries it, and the audit keeps what proves it', async () => {
  const open = await withRequest();
  const { desk, approval, ruling, audit } = open;
  const { key, passkey } = await registered(open);
  const { flow, options } = await desk.challenge(WHO.link, approval.id);
  const expected = challengeOf(approval.id, approval.digest);
  expect(options).toMatchObject({ challenge: expected, userVerification: 'required' });
  expect(expected).toBe(
    createHash('sha256')
      .update(`claude-orchestrator approval v1\n${approval.id}\n${approval.digest}`)
      .digest('base64url'),
  );
  const response = key.get(options, { origin: ORIGIN });
  const decided = await desk.decide(WHO.link, approval.id, {
    ...APPROVE,
    passkey: { flow, response: { ...response, type: 'public-key' } },
  });
  expect(decided.decisions).toMatchObject([{ by: 'person', channel: 'passkey' }]);
  expect((await ruling).kind).toBe('allow');
  const entry = (await audit()).find(({ type }) => type === 'approval.approved');
  expect(entry).toMatchObject({
    actor: 'person',
    approvalId: approval.id,
    detail: {
      channel: 'passkey',
      digest: approval.digest,
      credential_id: passkey.id,
      public_key: passkey.publicKey,
      client_data_json: response.response.clientDataJSON,
      authenticator_data: response.response.authenticatorData,
      signature: response.response.signature,
    },
  });
});

test('a signature counts for nothing else: not for another approval, not twice, not late, not by another key, not unverified', async () => {
  const open = await withRequest();
  const { desk, approval, ask, call, clock, stored } = open;
  const { key } = await registered(open);
  const other = await ask(call('rm other'));
  const sign = async (id = approval.id, by = key, verified = true) => {
    const { flow, options } = await desk.challenge(WHO.link, id);
    const response = by.get(options, { origin: ORIGIN, verified });
    return { ...APPROVE, passkey: { flow, response: { ...response, type: 'public-key' } } } as const;
  };
  const refuse = async (id: typeof approval.id, input: Awaited<ReturnType<typeof sign>>): Promise<void> => {
    await expect(desk.decide(WHO.link, id, input)).rejects.toBeInstanceOf(AuthenticationError);
  };
  const signed = await sign();
  await refuse(other.approval.id, signed);
  // A flow is spent by a try that was not right.
  await refuse(approval.id, signed);
  await refuse(approval.id, await sign(approval.id, softAuthenticator()));
  await refuse(approval.id, await sign(approval.id, key, false));
  const late = await sign();
  await clock.advance(300_000);
  await refuse(approval.id, late);
  const mixed = await sign(other.approval.id);
  const { flow } = (await sign()).passkey;
  await refuse(approval.id, { ...mixed, passkey: { ...mixed.passkey, flow } });
  expect(await stored(approval.id)).toMatchObject({ status: 'pending', decisions: [] });
  expect((await desk.decide(WHO.link, approval.id, await sign())).status).toBe('approved');
});

test('a session that a passkey opened approves by signing too', async () => {
  const open = await withRequest();
  const { desk, approval } = open;
  const { key } = await registered(open);
  const { flow, options } = await desk.challenge(WHO.passkeyPerson, approval.id);
  const response = key.get(options, { origin: ORIGIN });
  const input = { ...APPROVE, passkey: { flow, response: { ...response, type: 'public-key' } } } as const;
  expect((await desk.decide(WHO.passkeyPerson, approval.id, input)).status).toBe('approved');
  await expect(desk.challenge(WHO.passkeyPerson, approval.id)).rejects.toBeInstanceOf(ConflictError);
});
