import { expect, test } from 'vitest';
import { type Notice, tellPeople } from '../../../src/application/approving/notices.ts';
import { EventHub } from '../../../src/application/observing/eventHub.ts';
import type { Approval } from '../../../src/domain/approval.ts';
import type { Happening } from '../../../src/domain/events.ts';
import { approvalIdSchema, jobIdSchema, taskIdSchema } from '../../../src/domain/ids.ts';
import { PERSON } from '../../../src/domain/principal.ts';
import { eventually } from '../../support/processes.ts';

const jobId = jobIdSchema.parse('job_0123456789abcdef');
const taskId = taskIdSchema.parse('tidy');
const approvalId = approvalIdSchema.parse('apr_0123456789abcdef');

const approvalOf = (input: Approval['call']['input']): Approval => ({
  ...{ id: approvalId, revision: 0, jobId, taskId, lineage: 1, requestedBy: PERSON.id, status: 'pending' },
  ...{ risk: 'HIGH', reasons: [], policyHash: 'p', digest: 'ab'.repeat(32), goal: '', touches: [], asked: 1 },
  ...{ toolUseId: 't', sessionId: 's', worktree: '/w', approversNeeded: 1, decisions: [], usesLeft: 1 },
  ...{ createdAt: 0, expiresAt: 1 },
  call: { tool: 'Bash', input, cwd: '/w', env: {}, files: [] },
});
const requested = (over: Partial<Extract<Happening, { type: 'approval.requested' }>> = {}): Happening => ({
  ...{ type: 'approval.requested', taskId, attempt: 1, approvalId, tool: 'Bash', risk: 'HIGH' },
  ...{ reason: 'deletes files', again: false },
  ...over,
});

const telling = (input: Approval['call']['input'], publicUrl: string | undefined = 'http://localhost:1') => {
  const bus = new EventHub();
  const told: Notice[] = [];
  const faults: unknown[] = [];
  const stop = tellPeople(
    {
      subscribe: (listener) => bus.subscribe(listener),
      approval: async (id) => {
        if (id !== approvalId) throw new Error('there is none');
        return approvalOf(input);
      },
    },
    [{ notify: (notice) => void told.push(notice) }],
    { publicUrl, onFault: (error) => void faults.push(error) },
  );
  let seq = 0;
  const publish = (happening: Happening): void => {
    seq += 1;
    bus.publish([{ jobId, seq, at: 7, happening }]);
  };
  return { told, faults, stop, publish };
};

test('a person hears what waits, inert and cut, with the page where it is decided', async () => {
  const { told, publish } = telling({ command: `rm \u202e${'x'.repeat(600)}\n` });
  publish(requested());
  await eventually('the notice', () => told.length === 1);
  expect(told[0]).toEqual({
    ...{ type: 'approval.requested', jobId, taskId, approvalId, risk: 'HIGH', tool: 'Bash' },
    ...{ reason: 'deletes files', url: `http://localhost:1/approvals/${approvalId}`, at: 7 },
    command: expect.stringMatching(/^rm ⟨U\+202E⟩x+…$/),
  });
  expect(told[0]?.command).toHaveLength(500);
});

test('attention is told; what is no news, or nobody’s business, is not', async () => {
  const { told, publish, stop } = telling({ file_path: '/a', content: 'b' });
  publish(requested({ again: true }));
  publish({ type: 'job.warning', message: 'x' });
  publish({ type: 'job.attention', reason: 'a conflict\u200b stays', refs: [] });
  publish(requested());
  await eventually('the notices', () => told.length === 2);
  expect(told.map(({ reason }) => reason)).toEqual(['a conflict⟨U+200B⟩ stays', 'deletes files']);
  expect(told[0]?.url).toBe(`http://localhost:1/jobs/${jobId}`);
  expect(told[1]?.command).toBe('{"file_path":"/a","content":"b"}');
  stop();
  publish({ type: 'job.attention', reason: 'later', refs: [] });
  expect(told).toHaveLength(2);
});

test('a notice that cannot be made is a fault of nobody else', async () => {
  const { told, faults, publish } = telling({});
  publish(requested({ approvalId: approvalIdSchema.parse('apr_zzzzzzzzzzzzzzzz') }));
  await eventually('the fault', () => faults.length === 1);
  publish({ type: 'job.attention', reason: 'next', refs: [] });
  await eventually('the next notice', () => told.length === 1);
});
