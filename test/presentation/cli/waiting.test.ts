import { expect, test } from 'vitest';
import { eventLine } from '../../../src/presentation/cli/eventLine.ts';
import { jobText } from '../../../src/presentation/cli/jobSummary.ts';
import { jobLines } from '../../../src/presentation/cli/live/jobLines.ts';
import { painter } from '../../../src/presentation/cli/terminal.ts';
import type { Waiting } from '../../../src/presentation/wire/approval.ts';
import type { WholeJobAnswer } from '../../../src/presentation/wire/wholeJob.ts';
import { approvalWith, createDesk } from './support/approvalDesk.ts';
import { CREATED, createHarness } from './support/harness.ts';

const ID = 'apr_0123456789abcdef';
const PLAIN = painter(false);
const waiting = (open: number): Waiting => ({
  open,
  first: {
    ...{ approval_id: ID, task_id: 'a', risk: 'HIGH', tool: 'Bash' },
    ...{ command: 'rm -rf\u202e assets', reason: 'deletes files' },
  },
});
const LINE = `waits: claude-orchestrator approve ${ID} · HIGH rm -rf⟨U+202E⟩ assets (a)`;

const parkedJob = async (): Promise<WholeJobAnswer> => {
  const cli = createHarness();
  const job = await cli.client.whole(await cli.submit('a', 'b'));
  const tasks = job.tasks.map((task) => (task.id === 'a' ? { ...task, status: 'parked' as const } : task));
  return { ...job, status: 'running', tasks, approvals: waiting(3) };
};

test('a job says what waits, with the command to type, and how its parked task stands', async () => {
  const job = await parkedJob();
  const lines = jobText(job, CREATED, PLAIN).split('\n');
  expect(lines).toContain(LINE);
  expect(lines).toContain(`waits: claude-orchestrator approvals --job ${job.job_id} · 2 more`);
  expect(lines.find((line) => line.includes('parked'))).toMatch(/^ {2}‖ a/);
  const one = jobText({ ...job, approvals: waiting(1) }, CREATED, PLAIN);
  expect(one).toContain(LINE);
  expect(one).not.toContain('more');
});

test('the live view shows it above the tasks, and what to type is whole on a terminal of 80 cells', async () => {
  const job = await parkedJob();
  const lines = jobLines(job, { columns: 80, rows: 24, now: CREATED, paint: PLAIN });
  expect(lines[2]).toMatch(new RegExp(`^waits: claude-orchestrator approve ${ID} · HIGH`));
  expect(lines[3]).toContain(`claude-orchestrator approvals --job ${job.job_id}`);
  expect(lines[4]).toMatch(/^‖ a/);
  const small = jobLines(job, { columns: 80, rows: 7, now: CREATED, paint: PLAIN });
  expect(small).toHaveLength(6);
});

test('a running task whose call waits says so, each with its own approval; the others just run', async () => {
  const { tasks, ...job } = await parkedJob();
  const running = tasks.map((task) => ({ ...task, status: 'running' as const }));
  const other = 'apr_0123456789abcdeg';
  const room = { columns: 120, rows: 24, now: CREATED, paint: PLAIN };
  const shown = (approvals: Waiting) => {
    const whole = { ...job, tasks: running, approvals };
    return [jobText(whole, CREATED, PLAIN), jobLines(whole, room).join('\n')];
  };
  for (const text of shown(waiting(1))) {
    expect(text).toContain(`running, waits for approval ${ID}`);
    expect(text.match(/waits for approval/g)).toHaveLength(1);
  }
  const both = [
    { task_id: 'a', approval_id: ID },
    { task_id: 'b', approval_id: other },
  ];
  for (const text of shown({ ...waiting(2), by_task: both })) {
    expect(text).toMatch(new RegExp(`a .*running, waits for approval ${ID}`));
    expect(text).toMatch(new RegExp(`b .*running, waits for approval ${other}`));
  }
});

test('on a pipe the line of the event ends with what to type', () => {
  const line = eventLine({
    ...{ job_id: 'job_0123456789abcdef', seq: 3, at: new Date(CREATED).toISOString() },
    ...{ type: 'approval.requested', task_id: 'a', attempt: 1, approval_id: ID, tool: 'Bash', risk: 'HIGH' },
    ...{ reason: 'deletes files', again: false },
  });
  expect(line).toMatch(/^\d\d:\d\d:\d\d a waits for approval: Bash, deletes files/);
  expect(line?.endsWith(`: claude-orchestrator approve ${ID}\n`)).toBe(true);
});

test('the list of jobs ends with what waits in any of them', async () => {
  const { client } = createHarness();
  const many = Array.from({ length: 7 }, (_, at) =>
    approvalWith({ approval_id: `apr_012345678900000${at}` }),
  );
  const desk = createDesk(...many);
  const cli = createHarness({ connect: async () => ({ ...client, ...desk.agent }) });
  const { stdout, stderr } = await cli.run('list');
  expect(stdout.split('\n').slice(-6, -1)).toEqual(
    many
      .slice(0, 5)
      .map(
        ({ approval_id }) =>
          `waits: claude-orchestrator approve ${approval_id} · HIGH cd old && rm -rf assets (tidy)`,
      ),
  );
  expect(stderr).toBe('More wait: claude-orchestrator approvals\n');
  expect(JSON.parse((await cli.run('list', '--json')).stdout)).not.toHaveProperty('approvals');
});
