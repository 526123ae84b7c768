import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { ConflictError } from '../../../src/domain/errors/index.ts';
import { claimStateDir } from '../../../src/infrastructure/store/ownership.ts';
import { temporaryFolder } from './fixtures.ts';

const CLAIMER = join(import.meta.dirname, 'ownForever.ts');

type Claimer = {
  readonly child: ChildProcessByStdio<Writable, Readable, null>;
  line(): Promise<string | undefined>;
  end(): Promise<void>;
};

const claimer = (dir: string): Claimer => {
  const child = spawn(process.execPath, ['--expose-gc', CLAIMER, dir], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exited = once(child, 'exit');
  const end = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  onTestFinished(end);
  return { child, line: async () => (await lines.next()).value, end };
};

const endLater = (line: string | undefined): void => {
  const pid = Number(line?.split(' ')[1]);
  expect(pid).toBeGreaterThan(1);
  onTestFinished(() => {
    process.kill(pid, 'SIGKILL');
  });
};

test('a second process is refused in under a second and told who the owner is', async () => {
  const dir = temporaryFolder();
  const owner = claimer(dir);
  expect(await owner.line()).toBe('owner');
  endLater(await owner.line());
  const started = performance.now();
  const refusal = await claimStateDir(dir).catch((error: unknown) => error);
  expect(performance.now() - started).toBeLessThan(1_000);
  expect(refusal).toBeInstanceOf(ConflictError);
  expect(refusal).toMatchObject({
    message: expect.stringMatching(
      new RegExp(`in use by process ${owner.child.pid}, since \\d{4}-\\d\\d-\\d\\dT`),
    ),
    hint: expect.stringMatching(/`claude-orchestrator stop`.*ORCHESTRATOR_STATE_DIR/),
  });
  // The owner forgot its claim and its memory is collected: the claim must hold all the same.
  owner.child.stdin.write('?');
  expect(await owner.line()).toBe('still here');
  await expect(claimStateDir(dir)).rejects.toBeInstanceOf(ConflictError);
});

test("a dead owner's directory is taken over at once, though a child of it lives", async () => {
  const dir = temporaryFolder();
  const owner = claimer(dir);
  expect(await owner.line()).toBe('owner');
  endLater(await owner.line());
  await owner.end();
  expect(existsSync(join(dir, 'owner.json'))).toBe(true);
  const claim = await claimStateDir(dir);
  await claim.release();
});

test('a living process with the pid of a dead owner is not taken for it', async () => {
  const dir = temporaryFolder();
  writeFileSync(
    join(dir, 'owner.json'),
    JSON.stringify({ pid: process.ppid, since: '2020-01-01T00:00:00.000Z' }),
  );
  const claim = await claimStateDir(dir);
  await claim.release();
});

test('of processes that start in the same moment exactly one becomes the owner', async () => {
  const dir = temporaryFolder();
  const claimers = [claimer(dir), claimer(dir), claimer(dir), claimer(dir)];
  const answers = await Promise.all(claimers.map((one) => one.line()));
  expect(answers.filter((answer) => answer === 'owner')).toHaveLength(1);
  const owner = claimers[answers.indexOf('owner')];
  endLater(await owner?.line());
  for (const answer of answers) {
    if (answer !== 'owner')
      expect(answer).toContain(`CONFLICT The state directory is in use by process ${owner?.child.pid}`);
  }
});

test('within one process too there is one owner; release gives the directory back, and only once', async () => {
  const dir = join(temporaryFolder(), 'state');
  const claim = await claimStateDir(dir);
  await expect(claimStateDir(dir)).rejects.toThrow(`process ${process.pid}`);
  await claim.release();
  expect(existsSync(join(dir, 'owner.json'))).toBe(false);
  const next = await claimStateDir(dir);
  await claim.release();
  await expect(claimStateDir(dir)).rejects.toBeInstanceOf(ConflictError);
  await next.release();
});

test.skipIf(process.platform === 'win32')('the files of the claim are private', async () => {
  const dir = join(temporaryFolder(), 'state');
  const claim = await claimStateDir(dir);
  expect(statSync(dir).mode & 0o777).toBe(0o700);
  for (const file of ['owner.lock', 'owner.json']) expect(statSync(join(dir, file)).mode & 0o777).toBe(0o600);
  await claim.release();
});
