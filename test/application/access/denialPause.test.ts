import { expect, test } from 'vitest';
import { liftedEntry, pausedReason } from '../../../src/application/access/denialPause.ts';
import { LOCAL_AGENT, PERSON, principalIdSchema } from '../../../src/domain/principal.ts';
import { job } from '../../support/specs.ts';

test('who lets a job go on that was stopped for its denials is audited: who, by what channel, which job', () => {
  const stopped = job({ owner: LOCAL_AGENT.id });
  expect(liftedEntry(stopped, PERSON, { via: 'passphrase', session: 's1' })).toEqual({
    type: 'pause.lifted',
    actor: PERSON.id,
    jobId: stopped.id,
    detail: { channel: 'passphrase', session: 's1' },
  });
  const key = { id: principalIdSchema.parse('key:two'), roles: ['approver'] } as const;
  expect(liftedEntry(stopped, key)).toMatchObject({ actor: 'key:two', detail: { channel: 'key' } });
});

test('why a job was stopped says what to do where no person can reach the server', () => {
  expect(pausedReason(job())).toContain('end the client and run `claude-orchestrator serve`');
});
