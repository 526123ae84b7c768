import { expect, test } from 'vitest';
import { makeApprover } from '../support/approver.ts';
import { endOf, recordOf, startFront } from '../support/localServer.ts';
import { eventually, workersOf } from '../support/processes.ts';
import { bash, makeSandbox, says } from '../support/sandbox.ts';

const CALL = `node -e "fs.writeFileSync('ran.txt', 'ran')"`;
const opinion = (risk: string) => ({
  match: /How dangerous is this call\?/,
  script: `[[json:${JSON.stringify({ risk, reason: 'It writes without being asked.' })}]]`,
});

/** A server with a second opinion, and a job whose worker makes a call that the judge alone would let run. */
const scene = async (holdSeconds: number) => {
  const sandbox = await makeSandbox({
    rules: [opinion('HIGH')],
    env: {
      ORCHESTRATOR_SECOND_OPINION: 'claude-haiku-4-5',
      ORCHESTRATOR_APPROVAL_HOLD: String(holdSeconds),
      ORCHESTRATOR_RATE_LIMIT: '0',
    },
  });
  const approver = await makeApprover(sandbox);
  const front = await startFront(sandbox);
  const { job_id: id } = await front.job('orchestrate', {
    request: 'Work.',
    workspace: sandbox.repository,
    tasks: [{ id: 'work', prompt: `${bash(CALL)}${bash('echo on > on.txt')}${says('done')}` }],
  });
  return { sandbox, approver, front, id };
};

test('a call that a second opinion raises waits for a person, and runs when it is approved', async () => {
  const { sandbox, approver, front, id } = await scene(120);
  const asked = await approver.sees('pending');
  expect(asked).toMatchObject({ risk: 'HIGH', command: CALL });
  expect(asked.reasons[0]).toMatchObject({ code: 'second-opinion' });
  expect(await approver.decide(asked.approval_id, 'approve')).toBe(200);
  const done = await front.end(id);
  expect(done.status).toBe('succeeded');
  expect(sandbox.git('show', `${done.branch}:ran.txt`)).toBe('ran');
});

test('a call that a person denied does not run after a restart, though the model thinks better of it by then', async () => {
  const { sandbox, approver, front, id } = await scene(1);
  const asked = await approver.sees('pending');
  await eventually('the task parked', async () => {
    const { tasks } = await front.job('job_status', { job_id: id });
    return tasks.some(({ status }) => status === 'parked');
  });
  const { pid } = recordOf(sandbox);
  process.kill(pid, 'SIGKILL');
  await endOf(pid, 20_000);
  await eventually('the end of its workers', () => workersOf(sandbox.root).length === 0, 20_000);
  sandbox.rules.splice(0, 1, opinion('SAFE'));
  await front.call('job_list', {});
  await approver.decide(asked.approval_id, 'deny', 'leave it alone');
  const done = await front.end(id);
  expect(done.status).toBe('succeeded');
  expect(sandbox.git('ls-tree', '--name-only', `${done.branch}`).trim().split('\n')).toEqual([
    'README.md',
    'on.txt',
  ]);
});
