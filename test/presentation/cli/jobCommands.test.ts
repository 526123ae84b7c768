import { describe, expect, test } from 'vitest';
import { forPrincipal } from '../../../src/application/access/forPrincipal.ts';
import {
  AuthenticationError,
  ERROR_CODES,
  type ErrorCode,
  OrchestratorError,
} from '../../../src/domain/errors/index.ts';
import { PERSON } from '../../../src/domain/principal.ts';
import { NO_JOB_COMMAND, NO_TASK_COMMAND } from '../../../src/domain/verification.ts';
import type { CliClient } from '../../../src/presentation/cli/deps.ts';
import type { JobAnswer } from '../../../src/presentation/wire/job.ts';
import { createHarness, testScreen } from './support/harness.ts';
import { localClient } from './support/localClient.ts';

describe('exit codes', () => {
  class AnyError extends OrchestratorError {
    override readonly code: ErrorCode;
    constructor(code: ErrorCode) {
      super('It went wrong.', { hint: 'Mend it.' });
      this.code = code;
    }
  }

  test.each(Object.entries(ERROR_CODES))(
    'an error of the server ends a command by its kind: %s',
    async (code, { exit }) => {
      const known = Object.keys(ERROR_CODES).find((name): name is ErrorCode => name === code);
      if (known === undefined) throw new Error(code);
      const cli = createHarness({
        connect: async () => {
          throw new AnyError(known);
        },
      });
      for (const command of [['list'], ['run', 'x'], ['dashboard', '--json']]) {
        const { exitCode, stdout, stderr } = await cli.run(...command);
        expect(exitCode).toBe(exit);
        expect(stdout).toBe('');
        expect(stderr).toContain(code);
      }
    },
  );

  test('with --json the error is one JSON object on stderr, also where the server refuses the caller', async () => {
    const cli = createHarness({
      connect: async () => {
        throw new AuthenticationError('The key is wrong.', { hint: 'Make a new one.' });
      },
    });
    const { exitCode, stderr } = await cli.run('status', '--json');
    expect(exitCode).toBe(77);
    expect(JSON.parse(stderr).error).toMatchObject({ code: 'API_AUTHENTICATION', hint: 'Make a new one.' });
  });

  test.each([
    [['list', '--limit', 'many']],
    [['list', '--limit', '0']],
    [['list', '--status', 'odd']],
    [['logs', 'latest', '--tail', '-1']],
    [['run', 'x', '--budget', 'much']],
    [['run', 'x', '--apply', 'somehow']],
    [['run', 'x', '--wait', '--detach']],
    [['steer', 'latest']],
    [['steer', 'latest', '--skip']],
    [['steer', 'latest', '--retry', '--skip', '--task', 'a']],
    [['cancel']],
    [['completion', 'cmd.exe']],
  ])('a wrong command line says so before anything is connected: %j', async (argv) => {
    const cli = createHarness();
    const { exitCode, stdout, stderr } = await cli.run(...argv);
    expect(exitCode).toBe(ERROR_CODES.CONFIGURATION_INVALID.exit);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error: .*\S\nhint: .*\ncode: {2}CONFIGURATION_INVALID\n$/s);
    expect(cli.calls).toEqual([]);
  });
});

describe('a job is named', () => {
  test('by its id in either case, and by latest', async () => {
    const cli = createHarness();
    const first = await cli.submit('a');
    for (let i = 0; i < 15; i += 1) await cli.submit('a');
    const last = await cli.submit('b');
    for (const ref of [first, first.toUpperCase(), ` ${first} `]) {
      expect(JSON.parse((await cli.run('status', ref, '--json')).stdout).job_id).toBe(first);
    }
    // Ids of the fixture count upwards: one beginning is theirs alone.
    expect(JSON.parse((await cli.run('status', '000000000000001', '--json')).stderr).error.message).toContain(
      '8 jobs',
    );
    expect(JSON.parse((await cli.run('status', 'latest', '--json')).stdout).job_id).toBe(last);
    expect(JSON.parse((await cli.run('status', '--json')).stdout).job_id).toBe(last);
  });

  test('by a beginning that only one has, beyond the first page of the list', async () => {
    const cli = createHarness();
    const list = async ({ cursor }: { cursor?: string | undefined }) => ({
      jobs: (await cli.client.list({})).jobs.map((row) => ({
        ...row,
        job_id: cursor === undefined ? 'job_aaaaaaaaaaaaaaaa' : 'job_bcaaaaaaaaaaaaaa',
      })),
      ...(cursor === undefined ? { next_cursor: 'second' } : {}),
    });
    await cli.submit('a');
    const asked: string[] = [];
    const client = {
      ...cli.client,
      list,
      status: async (id: string) => {
        asked.push(id);
        return cli.client.status('job_0000000000000001');
      },
    };
    const over = createHarness({ connect: async () => client });
    await over.run('status', 'bc');
    await over.run('status', 'job_b');
    expect(asked).toEqual(['job_bcaaaaaaaaaaaaaa', 'job_bcaaaaaaaaaaaaaa']);
  });

  test('and where it is not clear which one, the error names those it could be', async () => {
    const cli = createHarness();
    const [one, two] = [await cli.submit('a'), await cli.submit('a')];
    const many = await cli.run('status', 'job_00');
    expect(many.exitCode).toBe(ERROR_CODES.TASK_VALIDATION.exit);
    expect(many.stderr).toContain(one);
    expect(many.stderr).toContain(two);
    for (const ref of ['zz', 'job_', ' ', '../x']) {
      expect((await cli.run('status', ref)).exitCode).toBe(ERROR_CODES.JOB_NOT_FOUND.exit);
    }
  });

  test('and where there is none yet, the hint says how to start one', async () => {
    const { exitCode, stderr } = await createHarness().run('status');
    expect(exitCode).toBe(66);
    expect(stderr).toContain('claude-orchestrator run');
  });
});

describe('status, result, list', () => {
  test('show the job, each task with what went wrong, and what to type now', async () => {
    const cli = createHarness();
    const id = await cli.submit('good', 'bad');
    await cli.move(id, 'good', 'done');
    await cli.move(id, 'bad', 'fail');
    const { exitCode, stdout } = await cli.run('status');
    expect(exitCode).toBe(0);
    expect(stdout).toMatchInlineSnapshot(`
      "job_0000000000000001 running · 1/2 done · 1m 05s · $0.11
        ✓ good  done    proved  1s  $0.10  do good
        ✗ bad   failed  failed  0s  $0.00  do bad
          error: The verification stayed red.
          hint:  Mend it.
      next:   claude-orchestrator watch job_0000000000000001
      "
    `);
  });

  describe('of a job whose verification was as red as the base', () => {
    const NOTE = 'As red as the base, so nothing is verified.';
    const ended = async (task: { note: string }, job: { note: string }) => {
      const cli = createHarness();
      const id = await cli.submit('t1');
      await cli.move(id, 't1', 'done');
      await cli.move(id, 't1', 'finish');
      const none = ({ note }: { note: string }) =>
        ({ verification: 'none', verification_note: note }) as const;
      const patched = <J extends JobAnswer>(answer: J) => ({
        ...answer,
        ...none(job),
        files_changed: [],
        tasks: answer.tasks.map((one) => ({ ...one, ...none(task) })),
      });
      const client: CliClient = {
        ...cli.client,
        status: async (ref) => patched(await cli.client.status(ref)),
        result: async (ref) => patched(await cli.client.result(ref)),
        whole: async (ref) => {
          const whole = await cli.client.whole(ref);
          return {
            ...whole,
            ...none(job),
            files_changed: [],
            tasks: whole.tasks.map((one) => ({ ...one, ...none(task) })),
          };
        },
      };
      return (over: Parameters<typeof createHarness>[0] = {}) =>
        createHarness({ connect: async () => client, ...over });
    };

    test('no tick claims that it is verified, and it is said that nothing changed', async () => {
      const harness = await ended({ note: NOTE }, { note: `npm test: ${NOTE}` });
      for (const command of ['status', 'result', 'watch']) {
        const { exitCode, stdout } = await harness({ color: { stdout: true, stderr: false } }).run(
          command,
          'latest',
        );
        expect(exitCode).toBe(0);
        expect(stdout).not.toContain('✓');
        expect(stdout).toMatch(/\u001b\[33m!\u001b\[\d+m t1 {2}done {2}not verified /);
        expect(stdout).toMatch(/verify: \u001b\[33m! not verified\u001b\[\d+m, npm test: As red as the base/);
        expect(stdout).toContain('files:  none changed');
      }
      const live = await harness({ screen: testScreen().screen }).run('watch', 'latest');
      expect(live.stdout).not.toContain('✓');
      expect(live.stdout).toContain('! t1  not verified: do t1');
      expect(live.stdout).toContain('verify: ! not verified');
    });

    test('where no verification was asked for, none is missed', async () => {
      const harness = await ended({ note: NO_TASK_COMMAND }, { note: NO_JOB_COMMAND });
      const { stdout } = await harness().run('status');
      expect(stdout).toContain('✓ t1  done  -  ');
      expect(stdout).toContain('verify: none, The job has no verification of its own.');
      expect(stdout).not.toContain('not verified');
    });
  });

  test('result adds what changed and what the workers said', async () => {
    const cli = createHarness();
    const id = await cli.submit('t1');
    await cli.move(id, 't1', 'done');
    await cli.move(id, 't1', 'finish');
    const { stdout } = await cli.run('result', id);
    expect(stdout).toMatchInlineSnapshot(`
      "job_0000000000000001 succeeded · 1/1 done · 1s · $0.11
        ✓ t1  done  proved  1s  $0.10  do t1
      branch: orchestrator/job_0000000000000001
      verify: passed
      files:  1 changed
      next:   git merge orchestrator/job_0000000000000001

       a.txt | 1 +

      ## do t1
      I did it. evil
      "
    `);
    const json = JSON.parse((await cli.run('result', id, '--json')).stdout);
    expect(json).toMatchObject({
      job_id: id,
      status: 'succeeded',
      diff_stat: expect.stringContaining('a.txt'),
    });
  });

  test('list is a table, --json the answer itself, and a further page is told on stderr', async () => {
    const cli = createHarness();
    await cli.submit('a');
    const second = await cli.submit('b');
    const { stdout, stderr } = await cli.run('list', '--limit', '1');
    expect(stdout).toBe(
      `JOB                   STATUS   DONE  COST   AGE     REQUEST\n${second}  running  0/1   $0.01  1m 05s  All of it\n`,
    );
    expect(stderr).toBe('More: claude-orchestrator list --cursor 1\n');
    const json = JSON.parse((await cli.run('list', '--json', '--cursor', '1')).stdout);
    expect(json.jobs).toHaveLength(1);
    expect((await cli.run('list', '--status', 'failed')).stdout).toBe('There are no such jobs.\n');
  });

  test('flags that name the server go to whoever connects, and no others', async () => {
    const cli = createHarness();
    await cli.run('list', '--state-dir', '/s', '--url', 'https://o.example');
    expect(cli.calls).toEqual([{ connect: { stateDir: '/s', url: 'https://o.example' } }]);
    expect((await cli.run('list', '--max-workers', '3')).exitCode).toBe(78);
  });
});

describe('diff and logs', () => {
  test('a diff is plain on a pipe and coloured where colour is on, and cannot steer the terminal', async () => {
    const diff = 'diff --git a/x b/x\n@@ -1 +1 @@\n-old\n+new\ttab\u001b]0;owned\u0007\n';
    const client = { ...createHarness().client, diff: async () => diff };
    const id = 'job_0000000000000001';
    const plain = await createHarness({ connect: async () => client }).run('diff', id);
    expect(plain.stdout).toBe('diff --git a/x b/x\n@@ -1 +1 @@\n-old\n+new\ttab\\u001b]0;owned\\u0007\n');
    const color = { stdout: true, stderr: false };
    const colored = await createHarness({ connect: async () => client, color }).run('diff', id);
    expect(colored.stdout).toContain('\u001b[31m-old\u001b[39m\n\u001b[32m+new');
    expect(colored.stdout).not.toContain('\u001b]0');
    const json = await createHarness({ connect: async () => client }).run('diff', id, '--json');
    expect(json.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(JSON.parse(json.stdout)).toEqual({ job_id: id, diff });
  });

  test('--stat is the short form', async () => {
    const cli = createHarness();
    await cli.submit('a');
    expect((await cli.run('diff', '--stat')).stdout).toBe(' a.txt | 1 +\n');
  });

  test('logs of a job are its events, an event a line; --tail counts lines that are shown', async () => {
    const cli = createHarness();
    const id = await cli.submit('t1');
    await cli.move(id, 't1', 'start');
    await cli.move(id, 't1', 'done');
    const { stdout } = await cli.run('logs', id);
    expect(stdout.replaceAll(/^\d\d:\d\d:\d\d /gm, '')).toBe('t1 started\nt1 done (proved)\n');
    expect((await cli.run('logs', id, '--tail', '1')).stdout).toMatch(/^\S+ t1 done \(proved\)\n$/);
    const events = (await cli.run('logs', id, '--json')).stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ seq, type }) => [seq, type])).toEqual([
      [1, 'job.submitted'],
      [2, 'task.started'],
      [3, 'task.done'],
    ]);
  });

  test('logs of a task are what its worker said, whole or the last lines of it', async () => {
    const cli = createHarness();
    const { job_id } = await cli.client.submit({
      request: 'x',
      workspace: '/w',
      tasks: [{ id: 't1', prompt: 'one\ntwo\tx\nthree\u001b[2J\n' }],
    });
    expect((await cli.run('logs', job_id, 't1')).stdout).toBe('one\ntwo\tx\nthree\n');
    expect((await cli.run('logs', job_id, 't1', '--tail', '2')).stdout).toBe('two\tx\nthree\n');
    expect((await cli.run('logs', job_id, 't1', '--tail', '0')).stdout).toBe('');
    expect(JSON.parse((await cli.run('logs', job_id, 't1', '--json')).stdout)).toMatchObject({
      job_id,
      task_id: 't1',
      offset: 0,
    });
  });

  test.each([['t1'], []])('logs -f goes on until the job ends: %j', async (...task) => {
    const cli = createHarness();
    const id = await cli.submit('t1');
    await cli.move(id, 't1', 'start');
    const running = cli.run('logs', id, ...task, '-f');
    await cli.until(({ stdout }) => stdout.includes(task.length === 0 ? 't1 started' : 'do t1'));
    await cli.move(id, 't1', 'done');
    await cli.move(id, 't1', 'finish');
    expect(await running).toMatchObject({ exitCode: 0 });
    expect(cli.written.stdout.split('do t1').length).toBe(task.length === 0 ? 1 : 2);
    if (task.length === 0) expect(cli.written.stdout).toMatch(/t1 started[\s\S]*t1 done[\s\S]*succeeded\n$/);
  });

  test('what is said between the last piece and the end of the job is not lost, nor said twice', async () => {
    const cli = createHarness();
    const id = await cli.submit('t1');
    await cli.move(id, 't1', 'start');
    let log = 'first ';
    const piped = { heard: (_text: string): void => {} };
    const client: typeof cli.client = {
      ...cli.client,
      taskOutput: async ({ job_id, task_id, offset = 0 }) => ({
        job_id,
        task_id,
        offset,
        text: log.slice(offset),
        size: log.length,
      }),
      taskLog: (_job, _task, { offset = 0, signal, onText }) => {
        piped.heard = (text) => onText(text, { offset, text, size: log.length });
        return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
      },
    };
    const over = createHarness({ connect: async () => client });
    const running = over.run('logs', id, 't1', '-f');
    await over.until(({ stdout }) => stdout === 'first ');
    log = 'first second third\n';
    piped.heard('second ');
    await cli.move(id, 't1', 'finish');
    await running;
    expect(over.written.stdout).toBe('first second third\n');
  });
});

describe('cancel and steer', () => {
  test('cancel asks on a terminal, and a no cancels nothing', async () => {
    const asked: string[] = [];
    const cli = createHarness({ confirm: async (question) => asked.push(question) < 0 });
    const id = await cli.submit('t1');
    expect(await cli.run('cancel', id)).toMatchObject({ exitCode: 0, stderr: 'Nothing was cancelled.\n' });
    expect(asked).toEqual([expect.stringContaining(id)]);
    expect((await cli.client.status(id)).status).toBe('running');
    await cli.run('cancel', id, '--yes', '--task', 't1');
    expect((await cli.client.status(id)).tasks[0]).toMatchObject({
      status: 'cancelled',
      reason: 'Cancelled from the command line.',
    });
    const done = await cli.run('cancel', id, '--yes', '--json');
    expect(JSON.parse(done.stdout).status).toBe('cancelled');
    expect(asked).toHaveLength(1);
  });

  test('cancel does not ask where there is nobody to ask', async () => {
    const cli = createHarness();
    const id = await cli.submit('t1');
    expect((await cli.run('cancel', id)).stdout).toContain(`${id} cancelled`);
  });

  test('steer retries, skips and tells', async () => {
    const cli = createHarness();
    const id = await cli.submit('t1', 't2');
    expect((await cli.run('steer', id, '--message', 'fail', '--task', 't1')).stdout).toContain('✗ t1');
    expect((await cli.run('steer', 'latest', '--retry', '--task', 't1')).stdout).toContain('· t1');
    const { stdout } = await cli.run('steer', id, '--skip', '--task', 't2', '--reason', 'later', '--json');
    expect(JSON.parse(stdout).tasks[1]).toMatchObject({ status: 'skipped', reason: 'later' });
  });

  test('a job that was stopped for its denials is retried by the passphrase of a person, asked once it is needed', async () => {
    const asked: string[] = [];
    const secret = async (question: string) => `word ${asked.push(question)}`;
    const cli = createHarness({
      secrets: async () => ({ secret }),
      deciders: {
        withKey: async () => undefined,
        person: async () => ({
          ...localClient(forPrincipal(cli.orchestrator, PERSON)),
          approvalCode: async () => ({ code: '', expires_at: '' }),
          loginPassphrase: async () => ({
            principal: PERSON.id,
            roles: PERSON.roles,
            via: 'passphrase',
            expires_at: '',
            person: { passphrase_set: true, passkeys: 0 },
          }),
          logout: async () => {},
        }),
      },
    });
    const id = await cli.submit('t1');
    await cli.move(id, 't1', 'fail');
    expect((await cli.run('steer', id, '--retry', '--task', 't1')).exitCode).toBe(0);
    expect(asked).toEqual([]);
    await cli.move(id, 't1', 'denied');
    const { exitCode, stderr, stdout } = await cli.run('steer', id, '--retry');
    expect({ exitCode, asked }).toEqual({ exitCode: 0, asked: [expect.stringContaining('Passphrase')] });
    expect(stderr).toContain('denied three times in a row');
    expect(stdout).toContain(id);
    expect((await cli.client.status(id)).attention).toBeUndefined();
    // What else is forbidden asks for nothing.
    expect((await cli.run('steer', id, '--skip', '--task', 't1')).exitCode).toBe(0);
    expect(asked).toHaveLength(1);
  });

  test('without a terminal a job that was stopped for its denials stays so, and the error says who lets it go on', async () => {
    const cli = createHarness();
    const id = await cli.submit('t1');
    await cli.move(id, 't1', 'denied');
    const { exitCode, stderr } = await cli.run('steer', id, '--retry');
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('dashboard');
    expect(stderr).toContain(`steer ${id} --retry`);
    expect((await cli.client.status(id)).attention).toMatchObject({ wants: 'approver' });
  });
});

describe('serve and dashboard', () => {
  test('serve hands over its flags, and says where it is', async () => {
    const cli = createHarness({ serve: async ({ onReady }) => onReady('http://127.0.0.1:8400') });
    expect((await cli.run('serve')).stdout).toContain('http://127.0.0.1:8400');
    expect(JSON.parse((await cli.run('serve', '--json')).stdout)).toEqual({ url: 'http://127.0.0.1:8400' });
    expect((await cli.run('serve', '--detached')).stdout).toBe('');
    const plain = createHarness();
    await plain.run('serve', '--max-workers', '2', '--detached');
    expect(plain.calls).toEqual([{ serve: { maxWorkers: '2' }, detached: true }]);
  });

  test('serve says on stderr what it waits for when it is told to end', async () => {
    const cli = createHarness({ serve: async ({ onStopping }) => onStopping(30) });
    expect(await cli.run('serve')).toMatchObject({
      stdout: '',
      stderr: 'Stopping: running tasks get up to 30 s; Ctrl-C again ends at once.\n',
    });
  });

  test('stop says what it waits for and what has ended, and that none runs where that is so', async () => {
    const asked: unknown[] = [];
    const cli = createHarness({
      stop: async ({ flags, now, onWait }) => {
        asked.push({ flags, now });
        onWait(30);
        return { pid: 7, url: 'http://127.0.0.1:8400' };
      },
    });
    const { exitCode, stdout, stderr } = await cli.run('stop', '--state-dir', '/s');
    expect(exitCode).toBe(0);
    expect(stdout).toBe('The server at http://127.0.0.1:8400 (process 7) has ended.\n');
    expect(stderr).toMatch(/up to 30 s.*`claude-orchestrator stop --now` ends it at once/);
    const now = await cli.run('stop', '--now', '--json');
    expect(JSON.parse(now.stdout)).toEqual({ stopped: true, pid: 7, url: 'http://127.0.0.1:8400' });
    expect(now.stderr).toBe('');
    expect(asked).toEqual([
      { flags: { stateDir: '/s' }, now: false },
      { flags: {}, now: true },
    ]);
    const none = createHarness();
    expect(await none.run('stop')).toEqual({ exitCode: 0, stdout: 'No server runs.\n', stderr: '' });
    expect(JSON.parse((await none.run('stop', '--json')).stdout)).toEqual({ stopped: false });
  });

  test('dashboard prints the link, and opens it only when asked to or after a yes', async () => {
    const opened: string[] = [];
    const open = async (url: string) => void opened.push(url);
    const url = 'http://127.0.0.1:1/auth/link/once';
    expect(await createHarness({ open }).run('dashboard')).toMatchObject({ stdout: `${url}\n` });
    const screen = { columns: () => 80, rows: () => 24, onResize: () => () => {}, every: () => () => {} };
    await createHarness({ open, screen, confirm: async () => false }).run('dashboard');
    await createHarness({ open, screen, confirm: async () => true }).run('dashboard', '--no-open');
    await createHarness({ open, screen, confirm: async () => true }).run('dashboard', '--json');
    expect(opened).toEqual([]);
    await createHarness({ open, screen, confirm: async () => true }).run('dashboard');
    const asked = await createHarness({ open }).run('dashboard', '--open', '--json');
    expect(JSON.parse(asked.stdout)).toEqual({ url });
    expect(opened).toEqual([url, url]);
  });
});
