import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { approvalSchema } from '../../../src/domain/approval.ts';
import type { ApprovalAnswer } from '../../../src/presentation/wire/approval.ts';
import { eventually } from '../../support/processes.ts';
import { bash, says } from '../../support/sandbox.ts';
import { branchFiles, killServer, printed, type Scene, scene } from './scene.ts';

/** Each task has a call of its own, so that none is taken for another's. */
const callOf = (task: string): string => `rm ${task}.txt && sh job.sh ${task}`;
const EVIL = 'echo evil > evil.txt';

/** A job whose tasks are all parked at their call. @returns its id, and what a person is asked by task. */
const parked = async (s: Scene, ...tasks: readonly string[]) => {
  s.sandbox.write(Object.fromEntries(tasks.map((task) => [`${task}.txt`, 'keep\n'])));
  s.sandbox.commit('files of worth');
  const { job_id: id } = await s.front.job('orchestrate', {
    request: 'Work.',
    workspace: s.sandbox.repository,
    max_workers: tasks.length,
    tasks: tasks.map((task) => ({
      id: task,
      prompt: `${bash(callOf(task))}${bash(`echo on > on-${task}.txt`)}${says('done')}`,
    })),
  });
  await eventually('all tasks parked', async () => {
    const { tasks: now } = await s.front.job('job_status', { job_id: id });
    return now.filter(({ status }) => status === 'parked').length === tasks.length;
  });
  const asked = (task: string): Promise<ApprovalAnswer> =>
    s.approver.sees('pending', (row) => row.command === callOf(task));
  return { id, asked };
};

/** The worker's own record of its conversation, from which its CLI makes the call when it is resumed. */
const editTranscript = ({ sandbox }: Scene, from: string, to: string): void => {
  const home = path.join(sandbox.root, 'home');
  const command = (text: string): string => `"command":"${text}"`;
  const files = readdirSync(home, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => path.join(home, name))
    .filter((file) => readFileSync(file, 'utf8').includes(command(from)));
  expect(files).not.toEqual([]);
  for (const file of files)
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(command(from), command(to)));
};

const writePolicy = ({ sandbox }: Scene, decision: 'allow' | 'deny'): void => {
  mkdirSync(path.join(sandbox.root, 'config'), { recursive: true });
  writeFileSync(
    path.join(sandbox.root, 'config', 'policy.json'),
    JSON.stringify({ version: 1, levels: { HIGH: decision } }),
  );
};

/** Approves what was asked, and finds it void: the same task asks anew, and that is denied. */
const approvedInVain = async (s: Scene, asked: ApprovalAnswer): Promise<void> => {
  expect(await s.approver.decide(asked.approval_id, 'approve')).toBe(200);
  const anew = await s.approver.sees(
    'pending',
    (row) => row.task_id === asked.task_id && row.approval_id !== asked.approval_id,
  );
  expect(anew.digest).not.toBe(asked.digest);
  await s.approver.sees('cancelled', (row) => row.approval_id === asked.approval_id);
  expect(await s.approver.decide(anew.approval_id, 'deny')).toBe(200);
};

it('a parked call whose transcript or script another program changed is void: a person is asked anew, also about what nobody would be asked about', async () => {
  const s = await scene({ ORCHESTRATOR_APPROVAL_HOLD: '1' });
  const { id, asked } = await parked(s, 'worse', 'harmless', 'script');
  const calls = [await asked('worse'), await asked('harmless'), await asked('script')];
  editTranscript(s, callOf('worse'), `rm worse.txt && ${EVIL}`);
  editTranscript(s, callOf('harmless'), EVIL);
  for (const { task_id, cwd } of calls)
    if (task_id === 'script') writeFileSync(path.join(cwd, 'job.sh'), `${EVIL}\n`);
  for (const call of calls) {
    await approvedInVain(s, call);
    // Three denials in a row would stop the job.
    await s.approver.retry(id);
  }
  expect((await s.front.end(id)).status).toBe('succeeded');
  const files = branchFiles(s, id);
  for (const task of ['worse', 'harmless', 'script'])
    expect(files).toEqual(expect.arrayContaining([`${task}.txt`, `on-${task}.txt`]));
  for (const none of ['evil.txt', 'out.txt']) expect(files).not.toContain(none);
}, 120_000);

it('a policy that would let a parked call run voids its approval, and one that denies it holds against it', async () => {
  const s = await scene({ ORCHESTRATOR_APPROVAL_HOLD: '1' });
  const { id, asked } = await parked(s, 'looser', 'stricter');
  const [looser, stricter] = [await asked('looser'), await asked('stricter')];
  writePolicy(s, 'allow');
  await approvedInVain(s, looser);
  writePolicy(s, 'deny');
  expect(await s.approver.decide(stricter.approval_id, 'approve')).toBe(200);
  expect((await s.front.end(id)).status).toBe('succeeded');
  const files = branchFiles(s, id);
  for (const task of ['looser', 'stricter'])
    expect(files).toEqual(expect.arrayContaining([`${task}.txt`, `on-${task}.txt`]));
  expect(files).not.toContain('out.txt');
}, 120_000);

it('an approval that was written into the database runs nothing but what was asked, and audit verify names it', async () => {
  const s = await scene({ ORCHESTRATOR_APPROVAL_HOLD: '1' });
  const { id, asked } = await parked(s, 'forged');
  const { approval_id: approvalId } = await asked('forged');
  await killServer(s, () => {
    const database = new DatabaseSync(path.join(s.sandbox.root, 'state', 'orchestrator.sqlite'));
    const row = database.prepare('select state from approvals where id = ?').get(approvalId);
    const state = approvalSchema.parse(JSON.parse(String(row?.state)));
    const forged = {
      ...state,
      status: 'approved',
      usesLeft: 1,
      call: { ...state.call, input: { command: EVIL } },
      decisions: [{ decision: 'approve', by: 'person', channel: 'passphrase', reason: '', at: Date.now() }],
    };
    database
      .prepare(`update approvals set status = 'approved', state = ? where id = ?`)
      .run(JSON.stringify(forged), approvalId);
    database.close();
  });
  expect((await s.front.end(id)).status).toBe('succeeded');
  const files = branchFiles(s, id);
  expect(files).toContain('on-forged.txt');
  expect(files).not.toContain('evil.txt');
  const verified = await printed(s.sandbox, 'audit', 'verify', '--approvals');
  expect(verified.code, verified.out).toBe(17);
  expect(verified.out).toContain('no entry tells that anybody approved it');
  expect(verified.out).toContain(approvalId);
}, 120_000);
