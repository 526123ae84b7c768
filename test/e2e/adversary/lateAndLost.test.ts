import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { endOf, recordOf, startFront } from '../../support/localServer.ts';
import { eventually, workersOf } from '../../support/processes.ts';
import { bash, says } from '../../support/sandbox.ts';
import { branchFiles, killServer, scene, submit, taskIs } from './scene.ts';

const DANGER = 'rm keep.txt; echo ran >> ran.txt';

describe('an approval that nobody gives in time', () => {
  it.each([
    ['held', '120'],
    ['parked', '1'],
  ] as const)(
    'while its call is %s is a no: the worker is told and goes on, and whoever comes later hears so',
    async (how, hold) => {
      const s = await scene({ ORCHESTRATOR_APPROVAL_HOLD: hold, ORCHESTRATOR_APPROVAL_EXPIRY: '4' });
      const id = await submit(s, `${bash(DANGER)}${bash('echo on > on.txt')}${says('done')}`);
      const asked = await s.approver.sees('pending');
      if (how === 'parked') await taskIs(s, id, 'parked');
      const done = await s.front.end(id);
      expect(done.status).toBe('succeeded');
      expect(branchFiles(s, id)).toEqual(expect.arrayContaining(['keep.txt', 'on.txt']));
      expect(branchFiles(s, id)).not.toContain('ran.txt');
      expect(JSON.stringify(s.sandbox.api.bodies.at(-1))).toMatch(/nobody decided|in time/i);
      await s.approver.sees('expired', (row) => row.approval_id === asked.approval_id);
      expect(await s.approver.decide(asked.approval_id, 'approve')).toBe(409);
      const late = await s.front.call('approve_operation', {
        approval_id: asked.approval_id,
        decision: 'approve',
        reason: 'late',
        code: '0000-0000',
      });
      expect(late).toMatchObject({ isError: true, text: expect.stringMatching(/expired|nobody decided/i) });
    },
  );
});

describe('processes that are killed take no decision with them', () => {
  it('a front that is killed while a call of its job is held: the call waits on, and the next front sees it end', async () => {
    const s = await scene();
    const id = await submit(s, `${bash(DANGER)}${says('done')}`);
    const asked = await s.approver.sees('pending');
    const server = recordOf(s.sandbox).pid;
    process.kill(s.front.pid, 'SIGKILL');
    await endOf(s.front.pid);
    expect(workersOf(s.sandbox.root)).not.toEqual([]);
    expect(await s.approver.decide(asked.approval_id, 'approve')).toBe(200);
    const next = await startFront(s.sandbox);
    expect((await next.end(id)).status).toBe('succeeded');
    expect(recordOf(s.sandbox).pid).toBe(server);
    expect(s.sandbox.git('show', `orchestrator/${id}:ran.txt`)).toBe('ran\n');
  });

  it.each(['held', 'parked'] as const)(
    'a server that is killed right behind the approval of a %s call: it runs once, or a person is asked anew',
    async (how) => {
      const s = await scene({ ORCHESTRATOR_APPROVAL_HOLD: how === 'held' ? '120' : '1' });
      const id = await submit(
        s,
        `${bash('echo first >> first.txt')}${bash(DANGER)}[[next]]${bash(DANGER)}${says('done')}`,
      );
      const asked = await s.approver.sees('pending');
      if (how === 'parked') await taskIs(s, id, 'parked');
      expect(await s.approver.decide(asked.approval_id, 'approve')).toBe(200);
      await killServer(s);
      const again = await eventually('the end, or another question', async () => {
        const job = await s.front.job('job_status', { job_id: id });
        return job.status === 'running' ? job.approvals?.first.approval_id : job.status;
      });
      const askedAnew = again.startsWith('apr_');
      if (askedAnew) {
        expect(again).not.toBe(asked.approval_id);
        await s.approver.decide(again, 'deny');
      }
      expect((await s.front.end(id)).status).toBe('succeeded');
      const files = branchFiles(s, id);
      // What was done before is not done again.
      expect(s.sandbox.git('show', `orchestrator/${id}:first.txt`)).toBe('first\n');
      if (files.includes('ran.txt')) {
        expect(s.sandbox.git('show', `orchestrator/${id}:ran.txt`)).toBe('ran\n');
        expect(files).not.toContain('keep.txt');
      } else {
        expect(askedAnew).toBe(true);
        expect(files).toContain('keep.txt');
      }
      expect(readFileSync(`${s.sandbox.repository}/keep.txt`, 'utf8')).toBe('keep\n');
    },
  );
});
