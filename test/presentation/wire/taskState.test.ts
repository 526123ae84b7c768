import { expect, test } from 'vitest';
import { approvalRowToWire, waitingToWire } from '../../../src/presentation/wire/approvalToWire.ts';
import { taskState } from '../../../src/presentation/wire/taskState.ts';
import { approval } from '../../support/specs.ts';

const AROUND = { publicUrl: undefined, personIsSet: true };
const id = (number: number): string => `apr_${String(number).padStart(16, '0')}`;

test('each task that waits is told with the oldest of its own approvals', () => {
  const one = waitingToWire([approval({ id: id(1) })], AROUND);
  expect(one).not.toHaveProperty('by_task');
  expect(taskState({ id: 'a', status: 'running' }, one)).toBe(`running, waits for approval ${id(1)}`);
  const three = waitingToWire(
    [approval({ id: id(1) }), approval({ id: id(2) }), approval({ id: id(3), taskId: 'b' })],
    AROUND,
  );
  expect(taskState({ id: 'a', status: 'running' }, three)).toContain(id(1));
  expect(taskState({ id: 'b', status: 'parked' }, three)).toBe(`parked, waits for approval ${id(3)}`);
  expect(taskState({ id: 'c', status: 'running' }, three)).toBe('running');
  expect(taskState({ id: 'a', status: 'done' }, three)).toBe('done');
  expect(taskState({ id: 'a', status: 'running' }, undefined)).toBe('running');
});

test('however many tasks wait, what is told of them stays small', () => {
  const many = Array.from({ length: 200 }, (_, at) => approval({ id: id(at), taskId: `t${at}` }));
  expect(waitingToWire(many, AROUND)?.by_task).toHaveLength(20);
});

test('a row tells the last decision with who, how and why, in one inert line', () => {
  const by = { by: 'person', channel: 'passkey', at: 0 };
  const decisions = [
    { ...by, decision: 'approve', reason: 'first' },
    { ...by, decision: 'deny', reason: 'no\n\u001b[2Jway' },
  ];
  const row = approvalRowToWire(approval({ status: 'used', decisions }));
  expect(row).toMatchObject({ status: 'used', decision: 'deny', decided_by: 'person', channel: 'passkey' });
  expect(row.decision_reason).toMatch(/^no.*way$/);
  expect(row.decision_reason).not.toContain('\u001b');
  expect(approvalRowToWire(approval())).not.toHaveProperty('decision');
});
