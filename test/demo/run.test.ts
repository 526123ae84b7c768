import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../../src/presentation/client/client.ts';

// The whole demo, as a newcomer starts it: needs the built server (`npm ci` builds it).
const PROGRAM = fileURLToPath(new URL('../../demo/run.ts', import.meta.url));

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-run-'));
  await mkdir(join(folder, 'home'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const start = (args: readonly string[] = []) =>
  execa(process.execPath, [PROGRAM, ...args], {
    extendEnv: false,
    env: { PATH: process.env.PATH, HOME: join(folder, 'home'), TMPDIR: folder },
    reject: false,
    timeout: 120_000,
  });
const leftFolders = async (): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.startsWith('orchestrator-demo-'));

test('the demo keeps all that it promises, says that the model is scripted, and leaves nothing', async () => {
  const { exitCode, stdout } = await start();
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining('All of it came true.')]);
  expect(stdout).toContain('SCRIPTED');
  expect(stdout).toMatch(/Branch orchestrator\/job_/);
  expect(stdout).toContain('speed-up');
  expect(stdout).not.toContain('\u001b');
  // Nobody is there to be asked, so nobody said yes.
  expect(stdout).toContain('(denied, src/legacy.js is there)');
  expect(await leftFolders()).toEqual([]);
}, 150_000);

/** The demo on a pseudo-terminal. `hear` is called with all that was shown, each time that there is more. */
const onTerminal = async (
  args: readonly string[],
  hear: (shown: string, type: (keys: string) => void) => void,
): Promise<{ readonly exitCode: number | undefined; readonly shown: string }> => {
  const line = ['stty cols 120 rows 40;', process.execPath, PROGRAM, ...args].join(' ');
  const demo = execa('script', ['-qec', line, '/dev/null'], {
    extendEnv: false,
    env: {
      PATH: process.env.PATH,
      HOME: join(folder, 'home'),
      TMPDIR: folder,
      TERM: 'xterm',
      SHELL: '/bin/sh',
    },
    reject: false,
    timeout: 120_000,
    stdin: 'pipe',
  });
  let shown = '';
  demo.stdout.on('data', (chunk) => {
    shown += String(chunk);
    hear(shown, (keys) => demo.stdin.write(keys));
  });
  return { exitCode: (await demo).exitCode, shown };
};
const QUESTION = '[y/N] ';

test('on a terminal the worker is paused until the person says yes, and then the file is gone', async () => {
  let answered = false;
  const { exitCode, shown } = await onTerminal([], (so, type) => {
    if (answered || !so.endsWith(QUESTION)) return;
    answered = true;
    type('y\r');
  });
  expect([exitCode, shown]).toEqual([0, expect.stringContaining('(approved, src/legacy.js is gone)')]);
  expect(shown.indexOf('digest ')).toBeLessThan(shown.indexOf(QUESTION));
}, 150_000);

test('who decides on the page is quicker than who is asked in the terminal', async () => {
  let decided: Promise<unknown> | undefined;
  let left = false;
  const { shown } = await onTerminal(['--dashboard'], (so, type) => {
    const [, origin = '', id = '', passphrase = ''] =
      /On the page: (http:\/\/[^/]+)\/approvals\/(\w+) \(passphrase of this demo: ([^)]+)\)/.exec(so) ?? [];
    if (so.endsWith(QUESTION)) decided ??= approveThere(origin, id, passphrase);
    if (left || !so.includes('until you press Ctrl-C')) return;
    left = true;
    type('\u0003');
  });
  await decided;
  expect(shown).toContain('It was approved by person (passphrase).');
  expect(shown).toContain('(approved, src/legacy.js is gone)');
}, 150_000);

const approveThere = async (url: string, approval_id: string, passphrase: string): Promise<void> => {
  const client = createClient({ url });
  await client.loginPassphrase(passphrase);
  await client.decide({ approval_id, decision: 'approve' });
};

describe('with --yes and --dashboard where nobody sits', () => {
  let ended: Awaited<ReturnType<typeof start>>;
  let seen: unknown;

  /** Opens the link, as a browser does, and reads the list of jobs once the first happening of the job has come. */
  const lookAt = async (link: string): Promise<unknown> => {
    const opened = await fetch(link, { redirect: 'manual' });
    const cookie = opened.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const started = await fetch(new URL('/api/v1/events', link), { headers: { cookie } });
    for await (const piece of started.body ?? [])
      if (Buffer.from(piece).toString().includes('event: job'))
        return (await fetch(new URL('/api/v1/jobs', link), { headers: { cookie } })).json();
    throw new Error('the stream of events ended without a happening of the job');
  };

  // A run costs as much as a hundred other tests: one shows what both flags promise.
  beforeAll(async () => {
    const demo = start(['--yes', '--dashboard']);
    let looking: Promise<unknown> | undefined;
    demo.stdout.on('data', (chunk) => {
      const link = /http:\S+/.exec(String(chunk))?.[0];
      if (link !== undefined) looking ??= lookAt(link).catch((thrown: unknown) => thrown);
    });
    ended = await demo;
    seen = await looking;
  }, 150_000);

  test('it all comes true', () => {
    expect([ended.exitCode, ended.stdout]).toEqual([0, expect.stringContaining('All of it came true.')]);
  });

  test('with --yes what waits is approved, after it was shown', () => {
    expect(ended.stdout).toMatch(
      /HIGH rm src\/legacy\.js[\s\S]*Approved by --yes[\s\S]*src\/legacy\.js is gone/,
    );
  });

  test('with --dashboard the page of its server shows the job, and nothing stays where nobody could end it', async () => {
    expect(seen).toMatchObject({ jobs: [{ request: expect.stringContaining('Make all tests') }] });
    const url = /http:\S+/.exec(ended.stdout)?.[0] ?? '';
    await expect(fetch(new URL('/health/live', url))).rejects.toThrow();
    expect(await leftFolders()).toEqual([]);
  });
});

test('an interrupted demo ends its server and removes its folder', async () => {
  const demo = start();
  demo.stdout.on('data', (chunk) => {
    if (String(chunk).includes('started')) demo.kill('SIGINT');
  });
  const { exitCode, stdout } = await demo;
  expect([exitCode, stdout]).toEqual([130, expect.stringContaining('Stopped.')]);
  expect(await leftFolders()).toEqual([]);
}, 150_000);

test('a live demo without a login says so, and what to do', async () => {
  const { exitCode, stdout } = await start(['--live']);
  expect([exitCode, stdout]).toEqual([1, expect.stringContaining('no Claude login')]);
  expect(stdout).toContain('ANTHROPIC_API_KEY');
}, 150_000);
