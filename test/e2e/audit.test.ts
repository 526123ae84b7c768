import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { endOf, recordOf, startFront } from '../support/localServer.ts';
import { bash, makeSandbox, type Sandbox, says } from '../support/sandbox.ts';
import { startRaw } from '../support/server.ts';
import { onTerminal } from '../support/terminal.ts';

const PASSPHRASE = 'canary horse battery staple 42';
const CANARIES = {
  api: 'sk-ant-canary-0123456789abcdef',
  webhook: 'canary-webhook-secret-0123456789',
  worker: 'canary-of-the-environment-987654',
};

const run = async (sandbox: Sandbox, args: readonly string[]) => {
  const child = startRaw(sandbox, args);
  let out = '';
  child.stdout?.on('data', (chunk) => {
    out += String(chunk);
  });
  child.stdin?.end();
  return { code: await child.exited, out };
};
const exported = async (sandbox: Sandbox) =>
  (await run(sandbox, ['audit', 'export'])).out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
const typesOf = (entries: readonly { type: string }[]) => new Set(entries.map(({ type }) => type));

const stateOf = (sandbox: Sandbox): string => path.join(sandbox.root, 'state');
const stop = async (sandbox: Sandbox): Promise<void> => {
  const { pid } = recordOf(sandbox);
  expect((await run(sandbox, ['stop', '--now'])).code).toBe(0);
  await endOf(pid);
};

/** What the database holds is changed by whoever may write it; the triggers are put back. */
const tamper = (sandbox: Sandbox, statement: string): void => {
  const database = new DatabaseSync(path.join(stateOf(sandbox), 'orchestrator.sqlite'));
  const triggers = database.prepare(`select name, sql from sqlite_master where type = 'trigger'`).all();
  for (const { name } of triggers) database.exec(`drop trigger ${name}`);
  database.exec(statement);
  for (const { sql } of triggers) database.exec(String(sql));
  database.close();
};

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true);

/** The command lines of all processes of this sandbox, by what their environment names. */
const commandLines = (sandbox: Sandbox): readonly string[] =>
  readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'utf8').includes(sandbox.root)) return [];
      return [readFileSync(`/proc/${pid}/cmdline`, 'utf8')];
    } catch {
      return [];
    }
  });

describe('the audit log of a real server', () => {
  it('P8: is in order while the server runs and after it, and each way to touch it has its exit code', async () => {
    const sandbox = await makeSandbox();
    const front = await startFront(sandbox);
    await front.call('job_list', {});
    const running = await run(sandbox, ['audit', 'verify', '--json']);
    expect(running.code, running.out).toBe(0);
    // Somebody knocks with a wrong key, and under a name that the server does not have.
    const { url } = recordOf(sandbox);
    expect((await fetch(`${url}/api/v1/jobs`, { headers: { authorization: 'Bearer wrong' } })).status).toBe(
      401,
    );
    expect((await fetch(`${url}/api/v1/jobs`, { headers: { origin: 'http://evil.example' } })).status).toBe(
      403,
    );
    await front.close();
    await stop(sandbox);
    const whole = await run(sandbox, ['audit', 'verify']);
    expect(whole.code, whole.out).toBe(0);
    const entries = await exported(sandbox);
    expect(entries[0]).toMatchObject({ seq: 1, type: 'server.started' });
    expect(entries.at(-1)).toMatchObject({ type: 'server.stopped' });
    expect(typesOf(entries)).toContain('login.refused');
    expect(typesOf(entries)).toContain('input.hostile');
    const last = Number(entries.at(-1).seq);

    const database = path.join(stateOf(sandbox), 'orchestrator.sqlite');
    const good = path.join(sandbox.root, 'good.sqlite');
    copyFileSync(database, good);
    for (const [statement, code, words] of [
      [`update audit set actor = 'x' where seq = 2`, 10, 'Entry 2 was changed'],
      ['delete from audit where seq = 2', 11, 'Entry 2 is missing'],
      [
        'update audit set seq = -2 where seq = 2; update audit set seq = 2 where seq = 3; update audit set seq = 3 where seq = -2',
        12,
        'Entry 2 does not follow',
      ],
      [`delete from audit where seq = ${last}`, 13, `Entry ${last} is missing`],
    ] as const) {
      tamper(sandbox, statement);
      const { code: got, out } = await run(sandbox, ['audit', 'verify']);
      expect(out).toContain(words);
      expect(got).toBe(code);
      copyFileSync(good, database);
    }
  });
});

describe('P22: secrets never leave', () => {
  it('no canary is in logs, database, results, the audit log or a command line', async () => {
    const sandbox = await makeSandbox({
      env: {
        ANTHROPIC_API_KEY: CANARIES.api,
        ORCHESTRATOR_WEBHOOK_SECRET: CANARIES.webhook,
        DEPLOY_TOKEN: CANARIES.worker,
      },
    });
    const typed = [
      [/New passphrase/, PASSPHRASE],
      [/same again/, PASSPHRASE],
    ] as const;
    // What it asks besides is answered by its default.
    const init = await onTerminal(sandbox, ['init'], [...typed, [/such an answer/, '']]);
    expect(init.code, init.shown).toBe(0);
    const front = await startFront(sandbox);
    const shown = new Set<string>();
    const look = setInterval(() => {
      for (const line of commandLines(sandbox)) shown.add(line);
    }, 50);
    const job = await front.job('orchestrate', {
      request: 'Work.',
      tasks: [
        {
          id: 'only',
          prompt: `${bash('env | wc -l > out.txt')}${bash(`mkfs.ext4 /dev/sda # ${CANARIES.worker}`)}${says('done')}`,
        },
      ],
      workspace: sandbox.repository,
    });
    const ended = await front.end(job.job_id);
    const result = await front.call('job_result', { job_id: job.job_id });
    const { url, token } = recordOf(sandbox);
    const login = await fetch(`${url}/api/v1/auth/login/passphrase`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: new URL(url).origin },
      body: JSON.stringify({ passphrase: PASSPHRASE }),
    });
    expect(login.status, await login.clone().text()).toBe(200);
    const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
    const made = await fetch(`${url}/api/v1/keys`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: new URL(url).origin, cookie },
      body: JSON.stringify({ label: 'canary', role: 'approver' }),
    });
    const { key } = await made.json();
    expect(key).toMatch(/^co_/);
    const audit = await fetch(`${url}/api/v1/audit?limit=200`, { headers: { 'x-api-key': key } });
    expect(audit.status).toBe(200);
    expect(
      (await fetch(`${url}/api/v1/audit`, { headers: { authorization: `Bearer ${token}` } })).status,
    ).toBe(403);
    clearInterval(look);
    const answers = [
      JSON.stringify(ended),
      result.text,
      JSON.stringify(result.structured),
      await audit.text(),
    ];
    await front.close();
    await stop(sandbox);
    const entries = await exported(sandbox);
    for (const type of [
      'call.refused',
      'job.submitted',
      'login.accepted',
      'key.created',
      'passphrase.set',
      'policy.changed',
    ])
      expect(typesOf(entries)).toContain(type);

    const secrets = [...Object.values(CANARIES), PASSPHRASE, key, cookie.split('=')[1] ?? 'none', token];
    // The request itself is the caller's own text, and stays what it was in the job that the caller asked for.
    const asked = new Set([CANARIES.worker]);
    const found: string[] = [];
    const search = (where: string, text: string, except: ReadonlySet<string> = new Set()): void => {
      for (const secret of secrets)
        if (!except.has(secret) && text.includes(secret)) found.push(`${secret} in ${where}`);
    };
    for (const file of filesBelow(stateOf(sandbox))) {
      const isRequest = /orchestrator\.sqlite|\/logs\//.test(file);
      search(file, readFileSync(file, 'latin1'), isRequest ? asked : new Set());
    }
    search('log', front.stderr());
    search('audit', JSON.stringify(entries));
    for (const answer of answers.slice(1)) search('answer', answer, asked);
    for (const line of shown) search(`command line ${line.slice(0, 60)}`, line);
    expect(shown.size).toBeGreaterThan(0);
    expect(found).toEqual([]);
    expect(
      execFileSync('git', ['-C', sandbox.repository, 'status', '--porcelain'], { encoding: 'utf8' }),
    ).toBe('');
  });
});
