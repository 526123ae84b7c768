import { expect, it } from 'vitest';
import { approvalIdSchema, taskIdSchema } from '../../../src/domain/ids.ts';
import { happeningText } from '../../../src/presentation/wire/happeningText.ts';

it('who watches a job reads what waits, who decided, and that the task goes on', () => {
  const taskId = taskIdSchema.parse('t1');
  const approvalId = approvalIdSchema.parse('apr_0000000000000001');
  const changed = { type: 'approval.changed', taskId, approvalId } as const;
  expect(
    happeningText({
      type: 'approval.requested',
      taskId,
      attempt: 1,
      approvalId,
      tool: 'Bash',
      risk: 'HIGH',
      reason: 'It deletes\u001b[2K tracked files.',
      again: false,
    }),
  ).toBe('t1 waits for approval: Bash, It deletes tracked files.');
  expect(happeningText({ ...changed, status: 'denied', by: 'person', channel: 'passphrase' })).toBe(
    'approval of t1 denied by person (passphrase)',
  );
  expect(happeningText({ ...changed, status: 'expired' })).toBe('approval of t1 expired');
  expect(happeningText({ ...changed, status: 'used' })).toBeUndefined();
  expect(happeningText({ type: 'task.parked', taskId, attempt: 1, approvalId })).toContain('parked');
  expect(happeningText({ type: 'task.resumed', taskId, attempt: 2, sessionId: 's' })).toContain('goes on');
});
