import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { endServersAfterwards, recordOf, startFront } from '../support/localServer.ts';
import { bash, makeSandbox, type Sandbox, says } from '../support/sandbox.ts';
import { startRaw, startServer } from '../support/server.ts';
import { onTerminal } from '../support/terminal.ts';

const PASSPHRASE = 'correct horse battery staple 42';

const newPassphrase = (sandbox: Sandbox) =>
  onTerminal(
    sandbox,
    ['init'],
    [
      [/New passphrase/, PASSPHRASE],
      [/same again/, PASSPHRASE],
      [/such an answer/, ''],
    ],
  );
const keysCreate = (sandbox: Sandbox, role: string, passphrase = PASSPHRASE) =>
  onTerminal(
    sandbox,
    ['keys', 'create', '--label', role, '--role', role, '--json'],
    [[/Passphrase/, passphrase]],
  );
const keyIn = (shown: string): { id: string; key: string } => {
  const [, id = '', key = ''] = /"id": "([^"]+)"[\s\S]*"key": "(co_[^"]+)"/.exec(shown) ?? [];
  expect(key).toMatch(/^co_[\w-]{43}$/);
  return { id, key };
};

const api = async (
  sandbox: Sandbox,
  secret: string | undefined,
  method: string,
  route: string,
  body?: unknown,
): Promise<{ status: number; text: string; headers: Headers }> => {
  const response = await fetch(`${recordOf(sandbox).url}/api/v1${route}`, {
    method,
    headers: {
      ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
};

const outputOf = async (sandbox: Sandbox, args: readonly string[]) => {
  const child = startRaw(sandbox, args);
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      text += String(chunk);
    });
  child.stdin?.end();
  return { code: await child.exited, text };
};

/** Everything in the state directory that is a file, for canaries. A file that a running server put away meanwhile holds nothing. */
const contentsBelow = (folder: string): readonly (readonly [file: string, bytes: Buffer])[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((name) => {
    const file = path.join(folder, name);
    try {
      return statSync(file).isFile() ? [[file, readFileSync(file)] as const] : [];
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    }
  });

describe('an agent holds what its token gives and nothing more', () => {
  it("the agent's token is refused on every route of a person", async () => {
    const sandbox = await makeSandbox();
    const front = await startFront(sandbox);
    await front.call('job_list', {});
    const { token } = recordOf(sandbox);
    const routes = [
      ['GET', '/keys'],
      ['POST', '/keys', { label: 'x', role: 'admin' }],
      ['DELETE', '/keys/0123456789abcdef'],
      ['POST', '/keys/0123456789abcdef/rotate', {}],
      ['GET', '/auth/passkeys'],
      ['POST', '/auth/passkeys/options', { passphrase: PASSPHRASE }],
      ['DELETE', '/auth/passkeys/x', { passphrase: PASSPHRASE }],
    ] as const;
    for (const [method, route, body] of routes) {
      const { status, text } = await api(sandbox, token, method, route, body);
      expect([401, 403], `${method} ${route}: ${text}`).toContain(status);
    }
    // What the one-time link gives are the rights of an agent, too.
    const { text } = await api(sandbox, token, 'POST', '/auth/link', {});
    const link = JSON.parse(text).url;
    const entered = await fetch(link, { redirect: 'manual' });
    expect(entered.status).toBe(303);
    const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? '';
    const session = await fetch(`${recordOf(sandbox).url}/api/v1/auth/session`, { headers: { cookie } });
    expect(await session.json()).toMatchObject({ principal: 'local-agent', roles: ['agent'], via: 'link' });
    const keys = await fetch(`${recordOf(sandbox).url}/api/v1/keys`, { headers: { cookie } });
    expect(keys.status).toBe(403);
    // It opens once.
    expect((await fetch(link, { redirect: 'manual' })).status).not.toBe(303);
  });

  it('a terminal without the passphrase makes no key, and no pipe sets a passphrase', async () => {
    const sandbox = await makeSandbox();
    endServersAfterwards(sandbox);
    const piped = await outputOf(sandbox, ['init']);
    expect(piped.code).toBe(77);
    expect(piped.text).toContain('terminal');
    expect((await newPassphrase(sandbox)).code).toBe(0);
    const guess = await keysCreate(sandbox, 'admin', 'a passphrase that is wrong');
    expect(guess.code).toBe(77);
    expect(guess.shown).not.toContain('co_');
    expect((await outputOf(sandbox, ['keys', 'list'])).code).toBe(77);
    // Whoever would change it has to know it.
    const change = await onTerminal(
      sandbox,
      ['init'],
      [
        [/so far/, 'wrong wrong wrong 1'],
        [/◇[\s\S]*◆[\s\S]*so far/, 'wrong wrong wrong 2'],
        [/◇[\s\S]*◆[\s\S]*so far/, 'wrong wrong wrong 3'],
      ],
    );
    expect(change.code).toBe(77);
  });
});

describe('a person gives keys to others', () => {
  it('a key sees its own jobs alone, and is useless within a second after it was revoked', async () => {
    const sandbox = await makeSandbox();
    const front = await startFront(sandbox);
    const { job_id: localJob } = await front.job('orchestrate', {
      request: 'Local.',
      workspace: sandbox.repository,
      tasks: [{ id: 'a', prompt: `Do. ${bash('echo a > a.txt')}${says('a')}` }],
    });
    await front.end(localJob);
    const init = await newPassphrase(sandbox);
    expect(init.code, init.shown).toBe(0);
    expect(init.shown).not.toContain(PASSPHRASE);
    const file = path.join(sandbox.root, 'state', 'passphrase.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).not.toContain(PASSPHRASE);

    const made = await keysCreate(sandbox, 'agent');
    expect(made.code, made.shown).toBe(0);
    const { id, key } = keyIn(made.shown);
    const viewer = keyIn((await keysCreate(sandbox, 'viewer')).shown);

    // Another's job and one that is not there are answered alike.
    const unknown = await api(sandbox, key, 'GET', '/jobs/job_0123456789abcdef');
    const others = await api(sandbox, key, 'GET', `/jobs/${localJob}`);
    const alike = ({ status, text }: typeof unknown) => ({
      status,
      text: text.replaceAll(/job_[0-9a-z]{16}|"request_id":"[^"]*"/g, '…'),
    });
    expect(others.status).toBe(404);
    expect(alike(others)).toEqual(alike(unknown));
    expect((await api(sandbox, viewer.key, 'GET', `/jobs/${localJob}`)).status).toBe(200);
    expect((await api(sandbox, viewer.key, 'POST', `/jobs/${localJob}/cancel`, {})).status).toBe(403);

    // The same front, at a server that it reaches with the key.
    const remote = await startServer(sandbox, {
      args: ['mcp'],
      env: {
        ORCHESTRATOR_URL: recordOf(sandbox).url,
        ORCHESTRATOR_API_KEY: key,
        ORCHESTRATOR_STATE_DIR: path.join(sandbox.root, 'elsewhere'),
      },
    });
    const { job_id: own } = await remote.job('orchestrate', {
      request: 'Remote.',
      workspace: sandbox.repository,
      idempotency_key: 'k',
      tasks: [{ id: 'b', prompt: `Do. ${bash('echo b > b.txt')}${says('b')}` }],
    });
    expect((await remote.end(own)).status).toBe('succeeded');
    expect(existsSync(path.join(sandbox.root, 'elsewhere', 'server.json'))).toBe(false);
    const { structured } = await remote.call('job_list', {});
    expect(structured).toMatchObject({ jobs: [{ job_id: own }] });
    expect((await remote.call('job_status', { job_id: localJob })).isError).toBe(true);

    const revoked = await onTerminal(sandbox, ['keys', 'revoke', id], [[/Passphrase/, PASSPHRASE]]);
    expect(revoked.code, revoked.shown).toBe(0);
    const after = await api(sandbox, key, 'GET', '/jobs');
    const never = await api(sandbox, `co_${'x'.repeat(43)}`, 'GET', '/jobs');
    expect(after.status).toBe(401);
    expect(alike(after)).toEqual(alike(never));
    expect(after.headers.get('www-authenticate')).not.toBeNull();

    // No secret stands in a log, the database or anything else but server.json.
    const { token } = recordOf(sandbox);
    for (const [each, bytes] of contentsBelow(path.join(sandbox.root, 'state'))) {
      for (const secret of [key, viewer.key, PASSPHRASE]) expect(bytes.includes(secret), each).toBe(false);
      if (!each.endsWith('server.json')) expect(bytes.includes(token), each).toBe(false);
    }
  });
});
