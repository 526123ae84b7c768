import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { startFront } from '../support/localServer.ts';
import { eventually } from '../support/processes.ts';
import { bash, makeSandbox, type Sandbox, says } from '../support/sandbox.ts';
import { type ServerUnderTest, startRaw } from '../support/server.ts';
import { onTerminal, type Typed } from '../support/terminal.ts';

const PASSPHRASE = 'correct horse battery staple 42';
const FILE = 'kept.txt';

/** A job whose only worker asks to delete a file that git tracks. @returns the approval that waits. */
const waiting = async (sandbox: Sandbox, front: ServerUnderTest) => {
  const { job_id } = await front.job('orchestrate', {
    request: 'Tidy up.',
    workspace: sandbox.repository,
    tasks: [{ id: 'a', prompt: `Do. ${bash(`rm ${FILE}`)}${says('went on')}` }],
  });
  const approval = await eventually('the approval', async () => {
    return (await front.job('job_status', { job_id })).approvals?.first;
  });
  return { jobId: job_id, id: approval.approval_id };
};

/** What the person's notify command was told. */
const told = (sandbox: Sandbox): string => path.join(sandbox.root, 'told');

const started = async () => {
  const sandbox = await makeSandbox({ files: { [FILE]: 'of worth\n' } });
  const notify = path.join(sandbox.root, 'notify.sh');
  writeFileSync(notify, `#!/bin/sh\n(echo "$1"; cat) >> '${told(sandbox)}'\n`, { mode: 0o700 });
  const front = await startFront(sandbox, { env: { ORCHESTRATOR_NOTIFY_COMMAND: notify } });
  const init = await onTerminal(
    sandbox,
    ['init'],
    [
      [/New passphrase/, PASSPHRASE],
      [/same again/, PASSPHRASE],
      [/such an answer/, ''],
    ],
  );
  expect(init.code, init.shown).toBe(0);
  return { sandbox, front };
};

const piped = async (sandbox: Sandbox, ...args: readonly string[]) => {
  const child = startRaw(sandbox, args);
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      text += String(chunk);
    });
  child.stdin?.end();
  return { code: await child.exited, text };
};

const typing = (passphrase: string): readonly Typed[] => [[/Passphrase/, passphrase]];

/** Who was told what, by the audit log. */
const audited = (sandbox: Sandbox): readonly string[] => {
  const database = new DatabaseSync(path.join(sandbox.root, 'state', 'orchestrator.sqlite'), {
    readOnly: true,
  });
  const rows = database.prepare('select type, actor from audit order by seq').all();
  database.close();
  return rows.map(({ type, actor }) => `${type} ${actor}`);
};

/** Whether the file is on the job's branch. */
const onBranch = (sandbox: Sandbox, jobId: string): boolean =>
  sandbox.git('ls-tree', '--name-only', `orchestrator/${jobId}`, FILE) !== '';

describe('an approval on a terminal', () => {
  it('is refused without the passphrase and without a terminal, which the audit log tells, and given with it', async () => {
    const { sandbox, front } = await started();
    const { jobId, id } = await waiting(sandbox, front);

    const none = await piped(sandbox, 'approve', id);
    expect([none.code, none.text]).toEqual([77, expect.stringContaining('no terminal to ask on')]);

    const wrong = await onTerminal(sandbox, ['approve', id], typing('an agent guesses this'));
    expect(wrong.code, wrong.shown).toBe(77);
    expect(wrong.shown).toContain(`rm ${FILE}`);
    const code = await onTerminal(sandbox, ['approve', id, '--show-code'], typing('and this one then'));
    expect(code.code, code.shown).toBe(77);
    expect(code.shown).not.toMatch(/\b[0-9A-Z]{4}-[0-9A-Z]{4}\b/);
    expect(audited(sandbox).filter((entry) => entry.startsWith('login.refused'))).toHaveLength(2);
    expect((await front.job('job_status', { job_id: jobId })).approvals?.first.approval_id).toBe(id);

    const right = await onTerminal(sandbox, ['approve', id.slice(0, 10)], typing(PASSPHRASE));
    expect(right.code, right.shown).toBe(0);
    expect(right.shown).toContain(`${id} approved by person (passphrase)`);
    expect(right.shown).not.toContain(PASSPHRASE);
    expect((await front.end(jobId)).status).toBe('succeeded');
    expect(onBranch(sandbox, jobId)).toBe(false);
    expect(existsSync(path.join(sandbox.repository, FILE))).toBe(true);
    expect(audited(sandbox)).toEqual(
      expect.arrayContaining(['approval.approved person', expect.stringMatching(/^approval\.used /)]),
    );

    const again = await onTerminal(sandbox, ['approve', id], typing(PASSPHRASE));
    expect(again.code, again.shown).toBe(65);
  }, 120_000);

  it('is announced; by the code that a person saw an agent approves, once; to deny needs no proof', async () => {
    const { sandbox, front } = await started();
    const first = await waiting(sandbox, front);
    await eventually(
      'the notice',
      () => existsSync(told(sandbox)) && readFileSync(told(sandbox)).includes(first.id),
    );
    const notice = readFileSync(told(sandbox), 'utf8');
    expect(notice).toContain(`A worker waits for your approval (HIGH): rm ${FILE}`);
    expect(notice).toMatch(new RegExp(`"url":"http://[^"]+/approvals/${first.id}"`));
    const shown = await onTerminal(sandbox, ['approve', first.id, '--show-code'], typing(PASSPHRASE));
    expect(shown.code, shown.shown).toBe(0);
    const code = /\b[0-9A-Z]{4}-[0-9A-Z]{4}\b/.exec(shown.shown)?.[0] ?? '';
    expect(readFileSync(told(sandbox), 'utf8')).not.toContain(code);
    const decide = (approval_id: string, withCode: string) =>
      front.call('approve_operation', {
        approval_id,
        decision: 'approve',
        reason: 'told so',
        code: withCode,
      });
    const approved = await decide(first.id, code);
    expect(approved.structured, approved.text).toMatchObject({ channel: 'code' });
    expect((await front.end(first.jobId)).status).toBe('succeeded');
    expect(onBranch(sandbox, first.jobId)).toBe(false);

    const second = await waiting(sandbox, front);
    expect((await decide(second.id, code)).isError).toBe(true);
    const list = await piped(sandbox, 'approvals');
    expect(list.text).toContain(`HIGH rm ${FILE}`);
    const denied = await piped(sandbox, 'deny', second.id, '--reason', 'it is of worth');
    expect([denied.code, denied.text]).toEqual([0, `${second.id} denied by local-agent (agent)\n`]);
    await front.end(second.jobId);
    expect(existsSync(path.join(sandbox.repository, FILE))).toBe(true);
    expect(audited(sandbox)).toContain('approval.denied local-agent');
  }, 120_000);
});
