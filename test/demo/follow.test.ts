import { writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { jobAnswerSchema } from '../../demo/answers.ts';
import { openSession, type Session } from '../../demo/client.ts';
import { explain } from '../../demo/failure.ts';
import { follow } from '../../demo/follow.ts';
import { createUi } from '../../demo/ui.ts';

let folder = '';
let recordings = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-follow-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const signal = new AbortController().signal;
const play = async (recording: Readonly<Record<string, readonly unknown[]>>): Promise<Session> => {
  const file = join(folder, `${recordings++}.json`);
  await writeFile(file, JSON.stringify(recording));
  const program = fileURLToPath(new URL('support/recordedServer.ts', import.meta.url));
  return openSession(
    { program, cwd: folder, env: { RECORDING: file }, logFile: join(folder, 'log') },
    signal,
  );
};
const job = (status: string, task: string, more: Record<string, unknown> = {}) => ({
  answer: { job_id: 'job_1', status, tasks: [{ id: 'a', title: 'A', status: task }], ...more },
});
const submitted = jobAnswerSchema.parse({ job_id: 'job_1', status: 'submitted' });
const paper = (onLine: (line: string) => void = () => undefined) => {
  const lines: string[] = [];
  const write = (text: string): void => {
    const line = text.replace(/^ *[\d.]+ s {2}/, '').trimEnd();
    lines.push(line);
    onLine(line);
  };
  return { lines, ui: createUi({ write }, () => 0) };
};

const nobody = {
  decide: async () => {
    throw new Error('nobody is asked here');
  },
};

test('progress is shown while a call still waits', async () => {
  const seen = join(folder, 'seen');
  await using session = await play({
    job_wait: [
      { ...job('succeeded', 'done'), messages: ['a started', 'a started', 'refused rm in a'], until: seen },
    ],
    job_result: [job('succeeded', 'done', { branch: 'orchestrator/job_1' })],
  });
  const { lines, ui } = paper((line) => line.startsWith('refused') && writeFileSync(seen, ''));
  const { answer } = await follow(session, submitted, ui, signal, nobody);
  expect(answer.branch).toBe('orchestrator/job_1');
  expect(lines).toEqual(['a started', 'refused rm in a', 'a done (none)', 'succeeded']);
});

test('each change is shown once and in order, also where its message comes too late to be heard', async () => {
  await using session = await play({
    job_wait: [
      { ...job('running', 'running'), messages: ['a started'] },
      job('running', 'verifying'),
      { ...job('succeeded', 'done'), messages: ['a done (none)', 'succeeded'] },
    ],
    job_result: [job('succeeded', 'done')],
  });
  const { lines, ui } = paper();
  await follow(session, submitted, ui, signal, nobody);
  expect(
    lines.map((line) => line.replace('a started', 'a running')).filter((line) => line !== 'running'),
  ).toEqual(['a running', 'a verifying', 'a done (none)', 'succeeded']);
});

test('on a terminal the bars are drawn from the state after each event, while the call still waits', async () => {
  const seen = join(folder, 'drawn');
  await using session = await play({
    job_status: [job('running', 'verifying'), job('running', 'verifying'), job('running', 'verifying')],
    job_wait: [{ ...job('succeeded', 'done'), messages: ['a started', 'verifying a'], until: seen }],
    job_result: [job('succeeded', 'done')],
  });
  let shown = '';
  const write = (text: string): void => {
    shown += text;
    if (text.includes('a  ████████████░░░░  verifying')) writeFileSync(seen, '');
  };
  const ui = createUi({ write, isTTY: true, columns: 80 }, () => 0);
  await follow(session, submitted, ui, signal, nobody);
  ui.end();
  expect(shown).toContain('a  ████████████░░░░  verifying');
  expect(shown.lastIndexOf('a  ████████████████  done')).toBeGreaterThan(
    shown.lastIndexOf('a  ████████████░░░░'),
  );
});

test('what waits for a person is decided by the person, each time, and then the job goes on', async () => {
  const approvals = (id: string) => ({ approvals: { open: 1, first: { approval_id: id } } });
  await using session = await play({
    job_wait: [
      job('running', 'running', approvals('apr_1')),
      job('running', 'parked', approvals('apr_2')),
      job('succeeded', 'done'),
    ],
    job_result: [job('succeeded', 'done')],
  });
  const asked: string[] = [];
  const { lines, ui } = paper();
  const { answer, decisions } = await follow(session, submitted, ui, signal, {
    decide: async (jobId, approvalId) => {
      asked.push(`${jobId} ${approvalId}`);
      return approvalId === 'apr_1' ? { approvalId, decision: 'deny' } : undefined;
    },
  });
  expect(asked).toEqual(['job_1 apr_1', 'job_1 apr_2']);
  expect(decisions).toEqual([{ approvalId: 'apr_1', decision: 'deny' }]);
  expect(lines).toContain('a parked');
  expect(answer.status).toBe('succeeded');
});

test('a job that wants a person does not hang the demo', async () => {
  await using session = await play({
    job_wait: [job('integrating', 'done', { attention: { reason: 'a conflict stays' } })],
  });
  await expect(follow(session, submitted, paper().ui, signal, nobody)).rejects.toThrow('a conflict stays');
});

test('a refusal is told in the words of the server, with where to look', async () => {
  await using session = await play({ orchestrate: [{ error: 'The workspace is dirty.' }] });
  const refused = await session.orchestrate({}).catch(explain);
  expect(refused).toContain('The workspace is dirty.');
  expect(refused).toContain(join(folder, 'log'));
});

test('an answer of another shape is not taken for a good one', async () => {
  await using session = await play({ orchestrate: [{ answer: { job: 'x' } }] });
  expect(await session.orchestrate({}).catch(explain)).toContain('job_id');
});

test('a server that ends at once is told as such', async () => {
  const program = join(folder, 'gone.mjs');
  await writeFile(program, 'process.exit(3)');
  const launch = { program, cwd: folder, env: {}, logFile: join(folder, 'log') };
  expect(await openSession(launch, signal).catch(explain)).toContain('The server ended before it answered.');
});
