import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { JOB_ID } from '../../support/specs.ts';
import { APPROVE, openDesk, WHO } from './deskHarness.ts';

test('whoever decides about an approval that another took the place of is told which one', async () => {
  const { desk, ask, call, worktree, nextRequest } = await openDesk();
  writeFileSync(join(worktree, 'a.txt'), 'one');
  const { approval } = await ask(call('rm a.txt'));
  const other = await ask(call('rm -rf elsewhere'));
  writeFileSync(join(worktree, 'a.txt'), 'two');
  const asked = nextRequest();
  await desk.decide(WHO.person, approval.id, APPROVE);
  await asked;
  const anew = desk.open(JOB_ID).find(({ id }) => id !== other.approval.id);
  if (anew === undefined) throw new Error('nobody was asked anew');
  for (const who of [WHO.person, WHO.agent])
    await expect(desk.decide(who, approval.id, { decision: 'deny', reason: '' })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: `Approval ${approval.id} is cancelled already: what it names has changed, and ${anew.id} asks anew.`,
      hint: expect.stringContaining(anew.id),
      context: { superseded_by: anew.id },
    });
});

test('whoever decides about an approval that only ended is not sent elsewhere', async () => {
  const { desk, ask, call } = await openDesk();
  const { approval } = await ask(call('rm a.txt'));
  await ask(call('rm b.txt'));
  await desk.decide(WHO.person, approval.id, { decision: 'deny', reason: '' });
  await expect(desk.decide(WHO.person, approval.id, APPROVE)).rejects.toMatchObject({
    message: expect.not.stringContaining('asks anew'),
  });
});
