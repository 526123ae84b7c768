import { expect, test } from 'vitest';
import { forPrincipal } from '../../../src/application/access/forPrincipal.ts';
import type { Decider } from '../../../src/application/approving/approvals.ts';
import { ForbiddenError, NotFoundError } from '../../../src/domain/errors/index.ts';
import { createFixtureOrchestrator } from '../../support/mcp/fixtureOrchestrator.ts';
import { APPROVE, BLIND, DENY, openDesk, WHO } from './deskHarness.ts';

/** The orchestrator of one caller, whose approvals are those of a real desk. */
const withDesk = async () => {
  const open = await openDesk({ inspector: BLIND });
  const { desk } = open;
  const whole = createFixtureOrchestrator();
  whole.approvals = (query, who) => desk.list(who ?? WHO.agent.principal, query);
  whole.approval = (id, who) => desk.get(who ?? WHO.agent.principal, id);
  whole.decide = (id, input, who) => desk.decide(who ?? WHO.agent, id, input);
  const as = ({ principal, via }: Decider) => forPrincipal(whole, principal, via);
  return { ...open, whole, as };
};

test('who decides comes from the credential: nobody can name another in an argument', async () => {
  const { as, ask, call, stored } = await withDesk();
  const { approval } = await ask(call('rm x'));
  for (const forged of [WHO.person, WHO.ann, WHO.admin])
    await expect(as(WHO.agent).decide(approval.id, APPROVE, forged)).rejects.toBeInstanceOf(ForbiddenError);
  expect(await stored(approval.id)).toMatchObject({ status: 'pending', decisions: [] });
  expect((await as(WHO.person).decide(approval.id, APPROVE, WHO.agent)).decisions).toMatchObject([
    { by: 'person', channel: 'passphrase' },
  ]);
});

test('a face can say that a client answered for its user, which proves less and never more', async () => {
  const { as, ask, call } = await withDesk();
  const { approval } = await ask(call('rm x'));
  const elicited = { ...WHO.person, via: 'elicitation' } as const;
  await expect(as(WHO.person).decide(approval.id, APPROVE, elicited)).rejects.toBeInstanceOf(ForbiddenError);
  expect((await as(WHO.agent).decide(approval.id, DENY, elicited)).decisions).toMatchObject([
    { by: 'local-agent', channel: 'elicitation' },
  ]);
});

test('another’s approval is answered like one that does not exist, by each method', async () => {
  const { as, ask, call } = await withDesk();
  const { approval } = await ask(call('rm x'));
  const other = as(WHO.stranger);
  for (const work of [other.approval(approval.id), other.decide(approval.id, DENY)])
    await expect(work).rejects.toBeInstanceOf(NotFoundError);
  expect((await other.approvals({ limit: 10 })).approvals).toEqual([]);
  expect((await as(WHO.agent).approvals({ limit: 10 })).approvals).toHaveLength(1);
});

test('the session by which a person approves or is shown a code stands in the audit log, and no argument names another', async () => {
  const { whole, desk, ask, call, audit } = await withDesk();
  const { approval } = await ask(call('rm x'));
  const session = '0123456789abcdef';
  await desk.showCode({ ...WHO.person, session }, approval.id);
  const person = forPrincipal(whole, WHO.person.principal, 'passphrase', session);
  await person.decide(approval.id, APPROVE, { ...WHO.person, session: 'fedcba9876543210' });
  const told = (await audit()).filter(({ type }) =>
    ['approval.code_shown', 'approval.approved'].includes(type),
  );
  expect(told.map(({ detail }) => detail.session)).toEqual([session, session]);
});
