import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { recordOf, startFront } from '../../support/localServer.ts';
import { eventually, processesWith } from '../../support/processes.ts';
import { bash, makeSandbox, type Sandbox, says } from '../../support/sandbox.ts';
import { startRaw } from '../../support/server.ts';
import { onTerminal } from '../../support/terminal.ts';

const PASSPHRASE = 'canary horse battery staple 42';
const WEBHOOK_SECRET = 'canary-of-the-webhook-0123456789';
/** Turns the line around and opens a tag. */
const IN_COMMAND = '\u202e\u200b<img src=x onerror=alert(1)>';
/** Clears a terminal besides; a shell line with it is refused by the CLI already. */
const HOSTILE = `\u001b[2J\u001b[31m${IN_COMMAND}`;

type Reply = { readonly status: number; readonly text: string; readonly headers: Headers };

/** A caller of the server by HTTP with the headers that it has. */
const caller =
  (sandbox: Sandbox, headers: Readonly<Record<string, string>>) =>
  async (method: string, route: string, body?: unknown): Promise<Reply> => {
    const { url } = recordOf(sandbox);
    const response = await fetch(`${url}/api/v1${route}`, {
      method,
      redirect: 'manual',
      headers: {
        ...headers,
        origin: new URL(url).origin,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, text: await response.text(), headers: response.headers };
  };

const cookieOf = ({ headers }: Reply): string => headers.getSetCookie()[0]?.split(';')[0] ?? '';

const printed = async (sandbox: Sandbox, ...args: readonly string[]) => {
  const child = startRaw(sandbox, args);
  let out = '';
  child.stdout?.on('data', (chunk) => {
    out += String(chunk);
  });
  child.stdin?.end();
  return { code: await child.exited, out };
};

/** Everything that the sandbox's processes show to any program of this user. */
const shownByProcesses = (sandbox: Sandbox): string =>
  processesWith(sandbox.root)
    .map(({ pid, command }) => {
      try {
        return `${command}\n${readFileSync(`/proc/${pid}/environ`, 'latin1')}`;
      } catch {
        return command;
      }
    })
    .join('\n');

/** Takes what is posted and never answers. @returns the messages whose signature is good, as they came. */
const silentReceiver = async () => {
  const good: string[] = [];
  const server = createServer(async (request) => {
    const body = await textOf(request);
    const time = String(request.headers['x-orchestrator-timestamp']);
    const signature = createHmac('sha256', WEBHOOK_SECRET).update(`${time}.${body}`).digest('hex');
    if (request.headers['x-orchestrator-signature'] === `sha256=${signature}`) good.push(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return { good, url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/hook` };
};

const filesBelow = (folder: string): readonly (readonly [string, string])[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((name) => {
    try {
      return [[name, readFileSync(path.join(folder, name), 'latin1')] as const];
    } catch {
      return [];
    }
  });

it('an agent with the local token, its links and its worker get no approval through, see no secret, and everything that they try is in the audit log', async () => {
  const receiver = await silentReceiver();
  const sandbox = await makeSandbox({
    files: { 'keep.txt': 'keep\n', 'README.md': '# A repository\n' },
    env: {
      ORCHESTRATOR_WEBHOOK_URL: receiver.url,
      ORCHESTRATOR_WEBHOOK_SECRET: WEBHOOK_SECRET,
      ORCHESTRATOR_RATE_LIMIT: '0',
    },
  });
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
  const front = await startFront(sandbox);
  await front.call('job_list', {});
  const { url, token } = recordOf(sandbox);

  // The worker knocks at the server itself, with all that its environment holds, before its call waits.
  const knock = `env > env.txt; curl -s -o /dev/null -w '%{http_code}' ${url}/api/v1/jobs > code.txt`;
  // Nor does it get at what lies in the state folder: nobody is asked about that.
  const steal = `cat ${path.join(sandbox.root, 'state', 'server.json')} > stolen.txt`;
  const danger = `rm keep.txt; echo '${IN_COMMAND}'`;
  const { job_id: jobId } = await front.job('orchestrate', {
    request: `Work ${HOSTILE}`,
    workspace: sandbox.repository,
    tasks: [{ id: 'work', prompt: `${HOSTILE}${bash(knock)}${bash(steal)}${bash(danger)}${says('done')}` }],
  });
  const id = await eventually(
    'the approval',
    async () => (await front.job('job_status', { job_id: jobId })).approvals?.first.approval_id,
    15_000,
  );

  const agent = caller(sandbox, { authorization: `Bearer ${token}` });
  const link = JSON.parse((await agent('POST', '/auth/link', {})).text).url;
  const entered = await fetch(link, { redirect: 'manual' });
  expect(entered.status).toBe(303);
  const linked = caller(sandbox, { cookie: entered.headers.getSetCookie()[0]?.split(';')[0] ?? '' });

  const approve = { decision: 'approve', reason: 'the person said so', decided_by: 'person' };
  for (const [who, call] of [
    ['token', agent],
    ['link', linked],
  ] as const) {
    for (const [method, route, body] of [
      ['POST', `/approvals/${id}/decision`, { decision: 'approve', reason: 'the person said so' }],
      ['POST', `/approvals/${id}/decision`, approve],
      ['POST', `/approvals/${id}/decision`, { decision: 'deny', reason: 'x'.repeat(1_000_000) }],
      ['POST', `/approvals/${id}/decision`, { decision: 'approve', reason: '', code: '0000-0000' }],
      ['POST', `/approvals/${id}/code`],
      ['POST', '/auth/passkeys/options', { passphrase: PASSPHRASE }],
      ['POST', '/auth/passkeys', { flow: 'x', label: 'mine', response: {} }],
      ['GET', '/audit'],
      ['GET', '/keys'],
      ['POST', '/keys', { label: 'mine', role: 'approver' }],
      ['POST', '/auth/passphrase', { passphrase: 'another horse battery 43' }],
      ['PUT', '/auth/passphrase', { passphrase: 'another horse battery 43' }],
    ] as const) {
      const { status, text } = await call(method, route, body);
      expect(status, `${who} ${method} ${route}: ${text}`).toBeGreaterThanOrEqual(400);
      expect(status, `${who} ${method} ${route}: ${text}`).toBeLessThan(500);
    }
  }
  // No link makes links: a session that renews itself would never end.
  expect((await linked('POST', '/auth/link', {})).status).toBe(401);
  // A link changes nothing from another page.
  const crossSite = await fetch(`${url}/api/v1/approvals/${id}/decision`, {
    method: 'POST',
    headers: {
      cookie: entered.headers.getSetCookie()[0]?.split(';')[0] ?? '',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ decision: 'deny', reason: '' }),
  });
  expect(crossSite.status).toBe(403);
  expect(
    (await front.call('approve_operation', { approval_id: id, decision: 'approve', reason: 'yes' })).isError,
  ).toBe(true);
  expect((await front.job('job_status', { job_id: jobId })).approvals?.open).toBe(1);

  // What a person sees of it is inert: nothing reaches the terminal but what can be seen.
  const list = await printed(sandbox, 'approvals');
  expect(list.code, list.out).toBe(0);
  expect(list.out).toContain('rm keep.txt');
  const json = await printed(sandbox, 'approvals', '--json');
  const page = await agent('GET', `/approvals/${id}`);
  for (const text of [list.out, json.out, page.text]) expect(text).not.toMatch(/[\u001b\u202e\u200b]/u);

  // The person signs in and has a code shown; while the call is held it stands nowhere.
  const login = await caller(sandbox, {})('POST', '/auth/login/passphrase', { passphrase: PASSPHRASE });
  expect(login.status, login.text).toBe(200);
  const person = caller(sandbox, { cookie: cookieOf(login) });
  const code: string = JSON.parse((await person('POST', `/approvals/${id}/code`)).text).code;
  expect(code).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
  const made = await person('POST', '/keys', { label: 'a colleague', role: 'approver' });
  const key: string = JSON.parse(made.text).key;
  const secrets = { PASSPHRASE, code, key, cookie: cookieOf(login).split('=')[1] ?? 'none' };
  const found: string[] = [];
  const search = (where: string, text: string, all: Readonly<Record<string, string>>): void => {
    for (const [name, secret] of Object.entries(all))
      if (text.includes(secret)) found.push(`${name} in ${where}`);
  };
  const shown = shownByProcesses(sandbox);
  expect(shown).toContain('/claude');
  search('a process', shown, { ...secrets, token });
  for (const [file, text] of filesBelow(path.join(sandbox.root, 'state'))) {
    search(file, text, { ...secrets, WEBHOOK_SECRET, ...(file === 'server.json' ? {} : { token }) });
  }
  for (const [file, text] of filesBelow(path.join(sandbox.root, 'home')))
    search(file, text, { ...secrets, token });
  search('the log', front.stderr(), { ...secrets, token, WEBHOOK_SECRET });

  // Whoever is told of it gets the command as data, signed; that the receiver never answers holds nobody.
  await eventually('a signed message', () => receiver.good.some((body) => body.includes(id)));
  expect(receiver.good.join()).not.toMatch(/[\u001b\u202e\u200b]/u);

  const { url: seen } = JSON.parse(page.text);
  expect(String(seen)).toContain(`/approvals/${id}`);
  const told = await front.call('approve_operation', {
    approval_id: id,
    decision: 'approve',
    reason: HOSTILE,
    code: code.toLowerCase(),
  });
  expect(told.isError, told.text).toBe(false);
  expect(told.text).not.toMatch(/[\u001b\u202e\u200b]/u);
  const done = await front.end(jobId);
  expect(done.status).toBe('succeeded');
  const environment = sandbox.git('show', `${done.branch}:env.txt`);
  search("the worker's environment", environment, { ...secrets, token, WEBHOOK_SECRET });
  expect(found).toEqual([]);
  expect(sandbox.git('show', `${done.branch}:code.txt`)).toBe('401');
  expect(sandbox.git('ls-tree', '--name-only', done.branch ?? '')).not.toContain('stolen.txt');

  const audit = await person('GET', '/audit?limit=200');
  const types = [...audit.text.matchAll(/"type":"([a-z._]+)","actor":"([a-z-]+)/g)].map(
    ([, type, actor]) => `${type} ${actor}`,
  );
  for (const entry of [
    'approval.refused local-agent',
    'approval.code_wrong local-agent',
    'approval.code_shown person',
    'link.made unknown',
    'call.refused local-agent',
    'approval.approved person',
  ])
    expect(types).toContain(entry);
  const verified = await printed(sandbox, 'audit', 'verify', '--approvals');
  expect(verified.code, verified.out).toBe(0);
}, 60_000);
