import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PassThrough } from 'node:stream';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { createPassphraseSetting } from '../../../src/application/access/passphrase.ts';
import { AuthenticationError, ForbiddenError, UserDeniedError } from '../../../src/domain/errors/index.ts';
import { PERSON } from '../../../src/domain/principal.ts';
import { approvalChoiceIn } from '../../../src/infrastructure/access/approvalChoice.ts';
import { passphraseFileIn } from '../../../src/infrastructure/access/passphraseFile.ts';
import type { ChoicePrompt } from '../../../src/presentation/cli/choicePrompt.ts';
import { registerInit } from '../../../src/presentation/cli/commands/init.ts';
import { type KeysDeps, registerKeys } from '../../../src/presentation/cli/commands/keys.ts';
import { type SecretPrompts, secretPrompts } from '../../../src/presentation/cli/secretPrompts.ts';
import { createClient } from '../../../src/presentation/client/client.ts';
import { HASHER, LOCAL_TOKEN, PASSPHRASE, temporaryFolder, testClock } from '../../support/access/harness.ts';
import { startAuthServer } from '../../support/access/server.ts';

/** A person who types these answers, one after the other; undefined is Ctrl-C. */
const typing = (...answers: readonly (string | undefined)[]) => {
  const left = [...answers];
  const asked: string[] = [];
  const prompts: SecretPrompts = {
    secret: async (question, problem) => {
      for (;;) {
        asked.push(question);
        const answer = left.shift();
        if (answer === undefined || problem?.(answer) === undefined) return answer;
      }
    },
  };
  return { secrets: async () => prompts, asked };
};

const output = () => {
  const written = { stdout: '', stderr: '' };
  return {
    written,
    deps: {
      settings: [{ key: 'stateDir', flag: '--state-dir', form: 'path', description: 'State.' }],
      stdout: (text: string) => {
        written.stdout += text;
      },
      stderr: (text: string) => {
        written.stderr += text;
      },
    },
  };
};

const init = async (
  folder: string,
  secrets: (() => Promise<SecretPrompts>) | undefined,
  answer = 'deny_only',
) => {
  const { deps, written } = output();
  const program = new Command().exitOverride();
  const codes: number[] = [];
  const setting = createPassphraseSetting({
    file: passphraseFileIn(folder),
    hasher: HASHER,
    clock: testClock().clock,
  });
  const offered: string[] = [];
  const choose: ChoicePrompt = async (_question, choices, initial) => {
    offered.push(...choices.map(({ value }) => (value === initial ? `[${value}]` : value)));
    return choices.find(({ value }) => value === answer)?.value;
  };
  const elicitation = approvalChoiceIn(folder, testClock().clock);
  registerInit(
    program,
    { ...deps, secrets, passphrase: async () => setting, elicitation: async () => elicitation, choose },
    (code) => codes.push(code),
  );
  await program.parseAsync(['init'], { from: 'user' });
  return { ...written, codes, offered, elicitation };
};

test('init sets a passphrase that was typed twice the same and is not weak', async () => {
  const folder = temporaryFolder();
  const person = typing('short', 'first of the words', 'first of the wrods', PASSPHRASE, PASSPHRASE);
  const { stdout, stderr, codes } = await init(folder, person.secrets);
  expect(codes).toEqual([0]);
  expect(stdout).toContain('is set');
  expect(stdout + stderr).not.toContain(PASSPHRASE);
  const record = await passphraseFileIn(folder).read();
  expect(await HASHER.matches(PASSPHRASE, record)).toBe(true);
});

test('without a terminal init is refused, with the way out, before anything is read', async () => {
  const folder = temporaryFolder();
  await expect(init(folder, undefined)).rejects.toThrow(ForbiddenError);
  expect(await passphraseFileIn(folder).read()).toBeUndefined();
});

test('a second init asks for the old passphrase, three times at most', async () => {
  const folder = temporaryFolder();
  await init(folder, typing(PASSPHRASE, PASSPHRASE).secrets);
  const before = await passphraseFileIn(folder).read();
  const wrong = typing('no idea at all', 'no idea at all', 'no idea at all', PASSPHRASE);
  await expect(init(folder, wrong.secrets)).rejects.toThrow(AuthenticationError);
  expect(await passphraseFileIn(folder).read()).toEqual(before);
  await init(folder, typing('no idea', PASSPHRASE, 'another one of words', 'another one of words').secrets);
  expect(await passphraseFileIn(folder).read()).not.toEqual(before);
});

test('init warns in two sentences, and a form of a client may deny alone unless the person says more', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'approvals.json');
  const first = await init(folder, typing(PASSPHRASE, PASSPHRASE).secrets, 'Ctrl-C');
  expect(first.offered).toEqual(['[deny_only]', 'approve_high']);
  expect(first.stdout).toContain('could give that answer for you');
  expect(existsSync(file)).toBe(false);
  expect(await first.elicitation.elicitationChoice()).toBe('deny_only');

  const second = await init(folder, typing(PASSPHRASE, '').secrets, 'approve_high');
  expect(second.stdout).toContain('The passphrase stays');
  expect(await second.elicitation.elicitationChoice()).toBe('approve_high');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    version: 1,
    elicitation: 'approve_high',
    chosen_at: expect.stringMatching(/^\d{4}-.*Z$/),
  });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  // What stands is what Enter chooses, and Ctrl-C there leaves.
  const third = await init(folder, typing(PASSPHRASE, '').secrets, 'Ctrl-C');
  expect(third.offered).toEqual(['deny_only', '[approve_high]']);
  expect(await third.elicitation.elicitationChoice()).toBe('approve_high');
});

test('who keeps the old passphrase keeps its record; a first one cannot be left out', async () => {
  const folder = temporaryFolder();
  await init(folder, typing('', PASSPHRASE, PASSPHRASE).secrets);
  const before = await passphraseFileIn(folder).read();
  expect(await HASHER.matches(PASSPHRASE, before)).toBe(true);
  await init(folder, typing(PASSPHRASE, '').secrets);
  expect(await passphraseFileIn(folder).read()).toEqual(before);
});

test('without the old passphrase nothing about approvals is changed', async () => {
  const folder = temporaryFolder();
  await init(folder, typing(PASSPHRASE, PASSPHRASE).secrets);
  const wrong = typing('no idea at all', 'no idea at all', 'no idea at all');
  await expect(init(folder, wrong.secrets, 'approve_high')).rejects.toThrow(AuthenticationError);
  expect(await approvalChoiceIn(folder, testClock().clock).elicitationChoice()).toBe('deny_only');
});

test('Ctrl-C changes nothing', async () => {
  const folder = temporaryFolder();
  for (const answers of [[undefined], [PASSPHRASE, undefined]]) {
    await expect(init(folder, typing(...answers).secrets)).rejects.toThrow(UserDeniedError);
  }
  expect(await passphraseFileIn(folder).read()).toBeUndefined();
});

const terminal = (isTTY: boolean) => Object.assign(new PassThrough(), { isTTY, setRawMode: () => {} });

test('there are prompts only where both sides are a terminal', () => {
  expect(secretPrompts(terminal(true), terminal(false))).toBeUndefined();
  expect(secretPrompts(terminal(false), terminal(true))).toBeUndefined();
  expect(secretPrompts(new PassThrough(), new PassThrough())).toBeUndefined();
  expect(secretPrompts(terminal(true), terminal(true))).toBeDefined();
});

test('what is typed at a prompt never shows, not even its length', async () => {
  const shown = async (typed: string): Promise<string> => {
    const input = terminal(true);
    const screen = terminal(true);
    let text = '';
    screen.on('data', (chunk) => {
      text += String(chunk);
    });
    const asking = (await secretPrompts(input, screen)?.())?.secret('Passphrase');
    for (const character of typed) input.write(character);
    input.write('\r');
    expect(await asking).toBe(typed);
    return text;
  };
  const long = await shown('zqxj zqxj zqxj');
  expect(long).not.toMatch(/[zqxj]{2}|▪|•|\*/);
  // A frame is drawn for each key; what is drawn is always the same.
  expect(new Set(long.split('Passphrase').slice(1, -1)).size).toBeLessThanOrEqual(
    new Set((await shown('zq')).split('Passphrase').slice(1, -1)).size + 1,
  );
});

test('a terminal that goes away is a no, and is not waited for', async () => {
  const input = terminal(true);
  const asking = (await secretPrompts(input, terminal(true))?.())?.secret('Passphrase');
  input.write('half a pass');
  input.end();
  expect(await asking).toBeUndefined();
});

/** `keys …` against a real server. */
const keysCli = async (secrets: (() => Promise<SecretPrompts>) | undefined, adminKey?: string) => {
  const server = await startAuthServer();
  const run = async (...argv: readonly string[]) => {
    const { deps, written } = output();
    const program = new Command().exitOverride();
    const keyClients: KeysDeps['keyClients'] = {
      withKey: async () =>
        adminKey === undefined ? undefined : createClient({ url: server.url, apiKey: adminKey }),
      person: async () => createClient({ url: server.url, apiKey: LOCAL_TOKEN }),
    };
    registerKeys(program, { ...deps, now: () => server.time.clock.now(), secrets, keyClients }, () => {});
    await program.parseAsync(['keys', ...argv], { from: 'user' });
    return written;
  };
  return { server, run };
};

test('keys asks for the passphrase once a command, works as the person, and signs out', async () => {
  const person = typing(PASSPHRASE, PASSPHRASE, PASSPHRASE, PASSPHRASE);
  const { server, run } = await keysCli(person.secrets);
  await server.setPassphrase();
  const made = await run('create', '--label', 'ci', '--role', 'viewer', '--expires-in-days', '3');
  const key = made.stdout.trim();
  expect(made.stdout).toMatch(/^co_[A-Za-z0-9_-]{43}\n$/);
  const identity = await server.access.identify(key);
  expect(identity?.principal.roles).toEqual(['viewer']);
  expect(person.asked).toEqual(['Passphrase']);

  const list = await run('list');
  expect(list.stdout).toMatch(/ID +LABEL +ROLE +KEY +LAST USED +STATE/);
  expect(list.stdout).toContain(key.slice(0, 9));
  expect(list.stdout).not.toContain(key);
  const id = String(identity?.principal.id).slice('key:'.length);

  const rotated = JSON.parse((await run('rotate', id, '--overlap-seconds', '60', '--json')).stdout);
  expect(rotated.id).toBe(`${id}.2`);
  expect((await run('revoke', id)).stdout).toContain('is revoked');
  expect(await server.access.identify(key)).toBeUndefined();
  expect(await server.access.identify(rotated.key)).toBeDefined();
  expect(person.asked).toHaveLength(4);
});

test('each command’s session ends with it, also where the work failed', async () => {
  const { server, run } = await keysCli(typing(PASSPHRASE, PASSPHRASE).secrets);
  await server.setPassphrase();
  await run('list');
  await expect(run('revoke', '0123456789abcdef')).rejects.toThrow('no such key');
  expect(server.security().filter((message) => message === 'login accepted')).toHaveLength(2);
  const database = new DatabaseSync(server.file, { readOnly: true });
  expect(database.prepare('select * from sessions').all()).toEqual([]);
  database.close();
});

test('a terminal without the passphrase is nobody', async () => {
  const { server, run } = await keysCli(typing('guess number one here').secrets);
  await server.setPassphrase();
  await expect(run('create', '--label', 'x', '--role', 'admin')).rejects.toThrow(AuthenticationError);
  expect(await server.store.keys()).toEqual([]);
});

test('without a terminal and without a key it is refused, and the local token is not tried', async () => {
  const { server, run } = await keysCli(undefined);
  await server.setPassphrase();
  await expect(run('list')).rejects.toMatchObject({
    code: 'API_FORBIDDEN',
    hint: expect.stringContaining('ORCHESTRATOR_API_KEY'),
  });
  expect(server.security()).toEqual([]);
});

test('an admin key needs no person; another key is refused by the server', async () => {
  const { server, run } = await keysCli(undefined);
  const keys = server.access.keysFor(PERSON);
  const admin = await keys.create({ label: 'a', role: 'admin' }, PERSON.id);
  const agent = await keys.create({ label: 'b', role: 'agent' }, PERSON.id);
  const with_ = async (key: string) => {
    const { deps, written } = output();
    const program = new Command().exitOverride();
    const client = createClient({ url: server.url, apiKey: key });
    registerKeys(
      program,
      {
        ...deps,
        now: () => server.time.clock.now(),
        secrets: undefined,
        keyClients: { withKey: async () => client, person: async () => client },
      },
      () => {},
    );
    await program.parseAsync(['keys', 'list', '--json'], { from: 'user' });
    return JSON.parse(written.stdout);
  };
  expect((await with_(admin.secret)).keys).toHaveLength(2);
  await expect(with_(agent.secret)).rejects.toThrow(ForbiddenError);
  await expect(run('list')).rejects.toThrow(ForbiddenError);
});
