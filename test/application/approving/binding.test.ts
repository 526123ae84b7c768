import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digestOf } from '../../../src/application/approving/digest.ts';
import { JOB_ID, taskId } from '../../support/specs.ts';
import { APPROVE, HOLD_MS, messageOf, type OpenDesk, openDesk, WHO } from './deskHarness.ts';

/** Ways in which what was approved can become something else before it runs. */
const SWAPS: Readonly<
  Record<string, { command: string; before: (folder: string) => void; swap: (folder: string) => void }>
> = {
  'the text of a script': {
    command: 'sh clean.sh',
    before: (folder) => writeFileSync(join(folder, 'clean.sh'), 'rm -rf build'),
    swap: (folder) => writeFileSync(join(folder, 'clean.sh'), 'rm -rf /'),
  },
  'where a link leads': {
    command: 'sh link.sh',
    before: (folder) => {
      writeFileSync(join(folder, 'one.sh'), 'same');
      writeFileSync(join(folder, 'two.sh'), 'same');
      symlinkSync('one.sh', join(folder, 'link.sh'));
    },
    swap: (folder) => {
      rmSync(join(folder, 'link.sh'));
      symlinkSync('two.sh', join(folder, 'link.sh'));
    },
  },
  'a folder that becomes a link': {
    command: 'rm -rf build',
    before: (folder) => mkdirSync(join(folder, 'build')),
    swap: (folder) => {
      rmSync(join(folder, 'build'), { recursive: true });
      symlinkSync('/srv', join(folder, 'build'));
    },
  },
  'a file that was not there': {
    command: 'sh later.sh',
    before: () => undefined,
    swap: (folder) => writeFileSync(join(folder, 'later.sh'), 'rm -rf /'),
  },
  'a script of the package': {
    command: 'npm run clean',
    before: (folder) => writeFileSync(join(folder, 'package.json'), '{"scripts":{"clean":"true"}}'),
    swap: (folder) => writeFileSync(join(folder, 'package.json'), '{"scripts":{"clean":"rm -rf /"}}'),
  },
  'what a folder that is deleted holds, by a file more': {
    command: 'rm -r sub',
    before: (folder) => mkdirSync(join(folder, 'sub/deep'), { recursive: true }),
    swap: (folder) => writeFileSync(join(folder, 'sub/deep/new.txt'), 'n'),
  },
  'what a folder that is deleted holds, in a file far below': {
    command: 'rm -r sub',
    before: (folder) => {
      mkdirSync(join(folder, 'sub/deep'), { recursive: true });
      writeFileSync(join(folder, 'sub/deep/a.txt'), 'one');
    },
    swap: (folder) => writeFileSync(join(folder, 'sub/deep/a.txt'), 'two'),
  },
  'a file of a folder that is deleted, which becomes a link': {
    command: 'rm -r sub',
    before: (folder) => {
      mkdirSync(join(folder, 'sub'));
      writeFileSync(join(folder, 'sub/a.txt'), 'one');
      writeFileSync(join(folder, 'a.txt'), 'one');
    },
    swap: (folder) => {
      rmSync(join(folder, 'sub/a.txt'));
      symlinkSync('../a.txt', join(folder, 'sub/a.txt'));
    },
  },
  'the whole worktree, swept without being named': {
    command: 'git clean -fd',
    before: (folder) => mkdirSync(join(folder, 'sub')),
    swap: (folder) => writeFileSync(join(folder, 'sub/work.txt'), 'w'),
  },
};

const swapped = async (open: OpenDesk, { command, swap }: (typeof SWAPS)[string]): Promise<void> => {
  const { desk, ask, call, worktree, stored, nextRequest } = open;
  const { approval, ruling } = await ask(call(command));
  swap(worktree);
  const asked = nextRequest();
  await desk.decide(WHO.person, approval.id, APPROVE);
  await asked;
  expect(await stored(approval.id)).toMatchObject({ status: 'cancelled' });
  const [anew] = desk.open(JOB_ID);
  if (anew === undefined) throw new Error('nobody was asked anew');
  expect(anew.digest).not.toBe(approval.digest);
  await desk.decide(WHO.person, anew.id, APPROVE);
  expect(await ruling).toEqual({ kind: 'allow', input: { command } });
};

for (const [what, how] of Object.entries(SWAPS)) {
  test(`${what}, changed between the approval and the run, voids the approval and is asked anew`, async () => {
    const open = await openDesk();
    how.before(open.worktree);
    await swapped(open, how);
    expect(open.happenings()).toContainEqual(
      expect.objectContaining({ status: 'cancelled', reason: 'what was approved has changed' }),
    );
  });
}

test('the folder that a call runs in is bound by its real path', async () => {
  const { desk, ask, call, worktree, clock, folder, stored } = await openDesk();
  mkdirSync(join(folder, 'elsewhere'));
  const cwd = join(worktree, 'here');
  mkdirSync(join(worktree, 'real'));
  symlinkSync(join(worktree, 'real'), cwd);
  const { approval, ruling } = await ask(call('rm -rf x', { cwd }));
  await clock.advance(HOLD_MS);
  await ruling;
  await desk.decide(WHO.person, approval.id, APPROVE);
  rmSync(cwd);
  symlinkSync(join(folder, 'elsewhere'), cwd);
  const again = await ask(call('rm -rf x', { cwd, toolUseId: approval.toolUseId }));
  expect(again.approval.id).not.toBe(approval.id);
  expect(await stored(approval.id)).toMatchObject({ status: 'cancelled' });
});

test('a grant for many runs is void with the first change of what it names', async () => {
  const { desk, ask, call, worktree, stored } = await openDesk();
  writeFileSync(join(worktree, 'clean.sh'), 'one');
  const { approval, ruling } = await ask(call('sh clean.sh'));
  await desk.decide(WHO.person, approval.id, { ...APPROVE, uses: 5 });
  await ruling;
  writeFileSync(join(worktree, 'clean.sh'), 'two');
  expect((await ask(call('sh clean.sh'))).approval.id).not.toBe(approval.id);
  expect(await stored(approval.id)).toMatchObject({ status: 'cancelled', usesLeft: 4 });
});

test('a call that names what cannot be hashed is refused in words, nobody is asked, and it is audited', async () => {
  const { desk, call, worktree, auditTypes } = await openDesk();
  execFileSync('mkfifo', [join(worktree, 'pipe')]);
  const ruling = await desk.ask(call('sh pipe'), HOLD_MS, new AbortController().signal);
  expect(messageOf(ruling)).toContain('pipe');
  expect(messageOf(ruling)).toContain('no regular file');
  expect(desk.open(JOB_ID)).toEqual([]);
  expect((await auditTypes()).at(-1)).toBe('call.refused');
});

test('the digest is the same for the same bytes only, whatever the order of keys', () => {
  const bound = {
    call: {
      tool: 'Bash',
      input: { a: 1, b: { c: 2, d: [1, 2] } },
      cwd: '/w',
      env: { X: '1' },
      files: [{ path: 'f', realPath: '/w/f', sha256: 'a'.repeat(64) }],
    },
    jobId: JOB_ID,
    taskId: taskId('a'),
    lineage: 1,
    policyHash: 'p',
  };
  const same = { ...bound, call: { ...bound.call, input: { b: { d: [1, 2], c: 2 }, a: 1 } } };
  expect(digestOf(same)).toBe(digestOf(bound));
  const { call } = bound;
  const others = [
    { ...bound, taskId: taskId('b') },
    { ...bound, lineage: 2 },
    { ...bound, policyHash: 'q' },
    { ...bound, call: { ...call, tool: 'Write' } },
    { ...bound, call: { ...call, cwd: '/v' } },
    { ...bound, call: { ...call, env: { X: '2' } } },
    { ...bound, call: { ...call, files: [] } },
    { ...bound, call: { ...call, files: [{ path: 'f', realPath: '/w/g', sha256: 'a'.repeat(64) }] } },
    { ...bound, call: { ...call, files: [{ path: 'f', realPath: '/w/f', sha256: null }] } },
    { ...bound, call: { ...call, input: { a: 1, b: { c: 2, d: [2, 1] } } } },
  ];
  expect(new Set([bound, ...others].map(digestOf)).size).toBe(others.length + 1);
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      const of = (command: string) => digestOf({ ...bound, call: { ...call, input: { command } } });
      expect(of(a) === of(b)).toBe(a === b);
    }),
  );
});
