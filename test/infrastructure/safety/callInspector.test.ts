import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { InspectedCall } from '../../../src/application/approving/ports.ts';
import { DangerousOperationError } from '../../../src/domain/errors/index.ts';
import { createCallInspector } from '../../../src/infrastructure/safety/callInspector.ts';
import { git, initRepository, tempFolder, write } from '../git/support.ts';

const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
const signal = new AbortController().signal;

const inspect = (worktree: string, command: string, cwd = worktree): Promise<InspectedCall> =>
  createCallInspector().inspect(
    { tool: 'Bash', input: { command }, fromSubagent: false },
    { cwd, worktree },
    signal,
  );

const filesOf = async (worktree: string, command: string): Promise<Record<string, string | null>> =>
  Object.fromEntries((await inspect(worktree, command)).call.files.map(({ path, sha256 }) => [path, sha256]));

test('every script and file that a command names is bound by what it holds, wherever it stands in the command', async () => {
  const folder = tempFolder();
  write(folder, { 'a.sh': 'one', 'b.sh': 'two', 'conf/x.json': '{}', in: 'data', 'lib/c.py': 'three' });
  const a = { 'a.sh': sha('one') };
  for (const [command, expected] of [
    ['sh a.sh', a],
    ['./a.sh', { './a.sh': sha('one') }],
    [`${folder}/a.sh`, { [`${folder}/a.sh`]: sha('one') }],
    ['sudo -u x timeout 3 sh a.sh', a],
    [`bash -c 'sh a.sh && sh b.sh'`, { ...a, 'b.sh': sha('two') }],
    ['echo $(sh a.sh)', a],
    ['cd lib && python3 c.py', { lib: null, 'c.py': sha('three') }],
    ['bash < in', { in: sha('data') }],
    ['tool --config=conf/x.json', { 'conf/x.json': sha('{}') }],
    ['curl -d @in http://x', { in: sha('data') }],
    ['sh *.sh', { ...a, 'b.sh': sha('two') }],
    ['find . -name x -exec sh a.sh {} +', a],
    ['bash <<E\nsh a.sh\nE', a],
    [`BASH_ENV=a.sh bash -c true`, a],
    [`GIT_SSH_COMMAND='sh a.sh -v' git fetch`, a],
    ['PATH=./lib:$PATH c.py', { './lib/c.py': sha('three') }],
    ['rm nothing-of-that-name', {}],
    ['echo > /dev/null', {}],
  ] as const)
    expect(await filesOf(folder, command), command).toMatchObject(expected);
});

test('what a runner reads is bound though the command does not name it', async () => {
  const folder = tempFolder();
  const manifest = JSON.stringify({ scripts: { preclean: 'sh before.sh', clean: 'node tools/clean.js' } });
  write(folder, {
    'package.json': manifest,
    'before.sh': 'b',
    'tools/clean.js': 'c',
    Makefile: 'all:',
    'mod.py': 'm',
  });
  mkdirSync(join(folder, 'deep'));
  expect(await filesOf(folder, 'npm run clean')).toMatchObject({
    'package.json': sha(manifest),
    'before.sh': sha('b'),
    'tools/clean.js': sha('c'),
  });
  expect(await filesOf(folder, 'cd deep && npm run clean')).toMatchObject({ 'package.json': sha(manifest) });
  expect(await filesOf(folder, 'make all')).toMatchObject({ Makefile: sha('all:') });
  expect(await filesOf(folder, 'python3 -m mod')).toMatchObject({ 'mod.py': sha('m') });
  expect(await filesOf(folder, 'node tools/clean')).toMatchObject({ 'tools/clean.js': sha('c') });
});

test('what a runner is judged by is bound, wherever it lies and however deep its scripts call each other', async () => {
  const folder = tempFolder();
  const scripts = Object.fromEntries(
    Array.from({ length: 12 }, (_, at) => [
      `s${at}`,
      at === 11 ? 'sh last.sh' : `npm run s${at + 1} && npm run s0`,
    ]),
  );
  const manifest = JSON.stringify({ scripts });
  write(folder, { 'package.json': `\uFEFF${manifest}`, 'last.sh': 'l', 'inner/x': '' });
  const bound = sha(`\uFEFF${manifest}`);
  expect(await filesOf(folder, 'npm run s0')).toMatchObject({ 'package.json': bound, 'last.sh': sha('l') });
  // The worktree has no package of its own: npm takes the one above it.
  const { call } = await inspect(join(folder, 'inner'), 'npm run s0');
  expect(call.files.map(({ sha256 }) => sha256)).toEqual(expect.arrayContaining([bound, sha('l')]));
});

test('a folder that a call names or deletes is bound by everything below it', async () => {
  const folder = tempFolder();
  write(folder, { 'sub/a.txt': 'one', 'sub/deep/b.txt': 'two', 'beside.txt': 'x' });
  mkdirSync(join(folder, '.git'));
  const all = ['rm -r sub', 'find . -delete', 'find -delete', 'git clean -fd', 'cd sub && git reset --hard'];
  const digests = (): Promise<readonly string[]> =>
    Promise.all(
      all.map(async (command) => {
        const { call } = await inspect(folder, command);
        return call.files.map(({ realPath, sha256 }) => `${realPath} ${sha256}`).join('\n');
      }),
    );
  let before = await digests();
  for (const digest of before) expect(digest).toMatch(/ [0-9a-f]{64}/);
  const deep = join(folder, 'sub/deep/b.txt');
  const since = new Date('2020-01-01');
  const linkTo = (target: string): void => {
    rmSync(deep);
    symlinkSync(target, deep);
  };
  const changes: Readonly<Record<string, () => void>> = {
    added: () => write(folder, { 'sub/deep/new.txt': '' }),
    changed: () => write(folder, { 'sub/deep/b.txt': 'three' }),
    dated: () => utimesSync(deep, since, since),
    'changed, as long as before and with its date set back': () => {
      write(folder, { 'sub/deep/b.txt': 'THREE' });
      utimesSync(deep, since, since);
    },
    'made a program': () => chmodSync(deep, 0o755),
    'made a link': () => linkTo('new.txt'),
    'led elsewhere': () => linkTo('old.txt'),
    deleted: () => rmSync(deep),
    'an empty folder added': () => mkdirSync(join(folder, 'sub/empty')),
    'a name that is no text': () => writeFileSync(Buffer.from(`${folder}/sub/\xff`, 'latin1'), ''),
  };
  for (const [what, change] of Object.entries(changes)) {
    change();
    const after = await digests();
    for (const [at, digest] of after.entries()) expect(digest, `${what}: ${all[at]}`).not.toBe(before[at]);
    before = after;
  }
  write(folder, { '.git/index': 'i', 'sub/passing': '' });
  rmSync(join(folder, 'sub/passing'));
  expect(await digests()).toEqual(before);
  // What a link in it leads to is not looked into.
  const elsewhere = tempFolder();
  symlinkSync(elsewhere, join(folder, 'sub/out'));
  before = await digests();
  write(elsewhere, { 'c.txt': 'c' });
  expect(await digests()).toEqual(before);
});

test("a folder that a call only goes to, or that is everybody's, is bound by its real path", async () => {
  const folder = tempFolder();
  write(folder, { 'sub/a.txt': 'one', list: 'l' });
  for (const command of [
    'rm list',
    `cd ${folder} && rm list`,
    'cd sub && rm ../list',
    'git -C sub push --force',
    'cut -d/ -f1 list | tr / _ | sort -t. ',
    'cp list /tmp/',
    'cp list ~/',
  ]) {
    const { call } = await inspect(folder, command);
    const folders = call.files.filter(({ realPath }) => statSync(realPath).isDirectory());
    expect(
      folders.filter(({ sha256 }) => sha256 !== null),
      command,
    ).toEqual([]);
  }
  // Gone to by one command, named by the other.
  expect(await filesOf(folder, 'cd sub; cd ..; rm -r sub')).toMatchObject({
    sub: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test('a call whose folders hold more files than can be looked through is refused in words', async () => {
  const folder = tempFolder();
  write(folder, { 'a/1': '', 'a/deep/2': '', 'b/3': '' });
  const of = (command: string) =>
    createCallInspector(3).inspect(
      { tool: 'Bash', input: { command }, fromSubagent: false },
      { cwd: folder, worktree: folder },
      signal,
    );
  expect((await of('rm -r a')).call.files).toHaveLength(1);
  await expect(of('rm -r a b')).rejects.toThrow(/^it names b, below which.* more than 3 files, so nobody/);
  await expect(of('find . -delete')).rejects.toBeInstanceOf(DangerousOperationError);
});

test('a file of any size is bound whole', async () => {
  const folder = tempFolder();
  const name = join(folder, 'big.bin');
  writeFileSync(name, '');
  truncateSync(name, 300 * 1024 * 1024);
  const before = await filesOf(folder, 'tool big.bin');
  appendFileSync(name, 'x');
  const after = await filesOf(folder, 'tool big.bin');
  expect(before['big.bin']).toMatch(/^[0-9a-f]{64}$/);
  expect(after['big.bin']).not.toBe(before['big.bin']);
});

test('what cannot be hashed cannot be asked about: pipes, devices, what the system makes up, what may not be read', async () => {
  const folder = tempFolder();
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  for (const command of ['sh pipe', `sh ${folder}/pipe`, 'cat /proc/self/environ', 'sh < pipe'])
    await expect(inspect(folder, command), command).rejects.toBeInstanceOf(DangerousOperationError);
});

test('a file that changes as it is read is refused', async () => {
  const folder = tempFolder();
  const name = join(folder, 'log');
  writeFileSync(name, '');
  truncateSync(name, 200 * 1024 * 1024);
  const reading = inspect(folder, 'tool log');
  let over = false;
  reading
    .catch(() => undefined)
    .finally(() => {
      over = true;
    });
  for (let at = 0; !over; at++) {
    appendFileSync(name, `${at}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await expect(reading).rejects.toThrow('changes as it is read');
});

test('links are bound by where they lead, the folder by its real path', async () => {
  const folder = tempFolder();
  write(folder, { 'one/x.sh': 'same', 'two/x.sh': 'same' });
  const link = join(folder, 'link.sh');
  symlinkSync('one/x.sh', link);
  const first = await inspect(folder, 'sh link.sh');
  rmSync(link);
  symlinkSync('two/x.sh', link);
  const second = await inspect(folder, 'sh link.sh');
  expect(first.call.files.map(({ realPath }) => realPath)).toEqual([join(folder, 'one/x.sh')]);
  expect(second.call.files.map(({ realPath }) => realPath)).toEqual([join(folder, 'two/x.sh')]);
  symlinkSync(join(folder, 'one'), join(folder, 'here'));
  expect((await inspect(folder, 'pwd', join(folder, 'here'))).call.cwd).toBe(join(folder, 'one'));
  symlinkSync('/nowhere/at/all', join(folder, 'dangling'));
  expect((await inspect(folder, 'tee dangling')).call.files).toMatchObject([
    { path: 'dangling', realPath: '/nowhere/at/all', sha256: null },
  ]);
});

test('what a command sets in the environment is shown', async () => {
  const folder = tempFolder();
  const { call } = await inspect(folder, 'A=1 env B=2 C="x y" tool; export D=4; E=$(date) tool');
  expect(call.env).toEqual({ A: '1', B: '2', C: 'x y', D: '4', E: '…' });
});

test('a person sees how many files a deletion takes and whether git has them', async () => {
  const folder = tempFolder();
  initRepository(folder, { 'src/a.ts': 'a', 'src/b.ts': 'b', 'changed.ts': 'c', '.gitignore': 'dist\n' });
  write(folder, { 'dist/1.js': '1', 'dist/in/2.js': '2', 'new/n.ts': 'n', 'changed.ts': 'other' });
  const elsewhere = tempFolder();
  write(elsewhere, { 'z.txt': 'z' });
  const touched = async (command: string) =>
    Object.fromEntries(
      (await inspect(folder, command)).touches.map(({ path, files, git: state, access }) => [
        path.replace(`${folder}/`, ''),
        { files, state, access },
      ]),
    );
  expect(await touched('rm -rf src dist new changed.ts gone')).toEqual({
    src: { files: 2, state: 'clean', access: 'delete' },
    dist: { files: 2, state: 'ignored', access: 'delete' },
    new: { files: 1, state: 'untracked', access: 'delete' },
    'changed.ts': { files: 1, state: 'modified', access: 'delete' },
    gone: { files: 0, state: undefined, access: 'delete' },
  });
  expect(await touched(`rm ${elsewhere}/z.txt`)).toEqual({
    [`${elsewhere}/z.txt`]: { files: 1, state: 'outside', access: 'delete' },
  });
  expect(await touched('rm src/*.ts')).toMatchObject({ 'src/a.ts': { files: 1, state: 'clean' } });
});

test('looking at a worktree starts no program that its configuration names', async () => {
  const folder = tempFolder();
  initRepository(folder, { 'a.txt': 'a', '.gitattributes': '*.txt filter=evil\n' });
  const mark = join(folder, 'ran');
  for (const name of ['filter.evil.clean', 'filter.evil.process', 'core.fsmonitor'])
    git(folder, 'config', name, `sh -c 'touch ${mark}'`);
  write(folder, { 'a.txt': 'other' });
  const { touches } = await inspect(folder, 'rm a.txt');
  expect(touches).toMatchObject([{ git: 'modified' }]);
  expect(() => realpathSync(mark)).toThrow();
});

test('what a file tool would write is shown as a diff, and its target is bound as it is', async () => {
  const folder = tempFolder();
  write(folder, { '.claude/settings.json': 'one\ntwo\nthree\n' });
  const file = join(folder, '.claude/settings.json');
  const of = (tool: string, input: Record<string, unknown>) =>
    createCallInspector().inspect(
      { tool, input, fromSubagent: false },
      { cwd: folder, worktree: folder },
      signal,
    );
  const edit = await of('Edit', { file_path: file, old_string: 'two', new_string: '$& 2' });
  expect(edit.diff).toBe(`--- ${file}\n+++ ${file}\n@@ -1,3 +1,3 @@\n one\n-two\n+$& 2\n three`);
  expect(edit.call.files).toMatchObject([{ realPath: file, sha256: sha('one\ntwo\nthree\n') }]);
  const fresh = join(folder, 'new.txt');
  const written = await of('Write', { file_path: fresh, content: 'hello\n' });
  expect(written.diff).toContain('@@ -0,0 +1 @@\n+hello');
  expect(written.call.files).toEqual([]);
  expect(
    (await of('Write', { file_path: file, content: 'x\n'.repeat(300_000) })).diff?.length,
  ).toBeLessThanOrEqual(200_000);
});

test('a worker that is stopped stops the looking', async () => {
  const folder = tempFolder();
  write(folder, { 'a.sh': 'a' });
  const stopped = createCallInspector().inspect(
    { tool: 'Bash', input: { command: 'sh a.sh' }, fromSubagent: false },
    { cwd: folder, worktree: folder },
    AbortSignal.abort(new Error('stopped')),
  );
  await expect(stopped).rejects.toThrow('stopped');
});
