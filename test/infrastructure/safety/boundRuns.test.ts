import { createHash } from 'node:crypto';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createCallInspector } from '../../../src/infrastructure/safety/callInspector.ts';
import { git, initRepository, tempFolder, write } from '../git/support.ts';

const signal = new AbortController().signal;

const inspect = (worktree: string, command: string) =>
  createCallInspector().inspect(
    { tool: 'Bash', input: { command }, fromSubagent: false },
    { cwd: worktree, worktree },
    signal,
  );

/** Names in the folder of files that a command binds by what they hold. */
const boundBy = async (worktree: string, command: string): Promise<readonly string[]> => {
  const { call } = await inspect(worktree, command);
  return call.files.flatMap(({ realPath, sha256 }) => {
    if (sha256 === null || !realPath.startsWith(`${worktree}/`)) return [];
    const name = realPath.slice(worktree.length + 1);
    const held = createHash('sha256');
    try {
      held.update(readFileSync(realPath));
    } catch {
      return [`${name}/`];
    }
    expect(sha256, name).toBe(held.digest('hex'));
    return [name];
  });
};

/** Another file of the same name lies in the folder itself, so that the wrong one would be seen. */
const FILES: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'x.sh',
    'x.js',
    'Makefile',
    'package.json',
    'Cargo.toml',
    'build.rs',
    'compose.yaml',
    'Dockerfile',
  ].flatMap((name) => [
    [name, 'here'],
    [`sub/${name}`, 'there'],
    [`sub/deep/${name}`, 'deeper'],
  ]),
);

const GOES: Readonly<Record<string, string>> = {
  'make -C sub clean': 'sub/Makefile',
  'make -Csub clean': 'sub/Makefile',
  'make --directory=sub clean': 'sub/Makefile',
  'make -C sub -C deep clean': 'sub/deep/Makefile',
  'make -f sub/other.mk clean': 'sub/other.mk',
  'make --file=sub/other.mk clean': 'sub/other.mk',
  'env -C sub ./x.sh': 'sub/x.sh',
  'env --chdir=sub A=1 ./x.sh': 'sub/x.sh',
  'env -C sub sh -c "cd deep && ./x.sh"': 'sub/deep/x.sh',
  'env -C sub make -C deep': 'sub/deep/Makefile',
  'sudo -D sub ./x.sh': 'sub/x.sh',
  'sudo --chdir=sub node x': 'sub/x.js',
  'npm --prefix sub run x': 'sub/package.json',
  'npm -C sub run x': 'sub/package.json',
  'npm run x --prefix=sub': 'sub/package.json',
  'pnpm -C sub x': 'sub/package.json',
  'pnpm --dir sub run x': 'sub/package.json',
  'yarn --cwd sub x': 'sub/package.json',
  'bun --cwd sub run x': 'sub/package.json',
  'cargo build --manifest-path sub/Cargo.toml': 'sub/build.rs',
  'cd sub && ./x.sh': 'sub/x.sh',
  'pushd sub; ./x.sh': 'sub/x.sh',
  '(cd sub; node --run x)': 'sub/package.json',
  'node --run x': 'package.json',
  'docker compose -f sub/compose.yaml up': 'sub/compose.yaml',
  'docker-compose --project-directory sub up': 'sub/compose.yaml',
  'docker build sub': 'sub/Dockerfile',
  'docker build -f sub/Other.dockerfile .': 'sub/Other.dockerfile',
  'bash -c "./sub/x.sh $1"': 'sub/x.sh',
  'sh -c "./sub/x.sh $X"': 'sub/x.sh',
};

test('what a command runs is bound in the folder where it would run it', async () => {
  const folder = tempFolder();
  write(folder, { ...FILES, 'sub/other.mk': 'all:', 'sub/Other.dockerfile': 'FROM a' });
  for (const [command, name] of Object.entries(GOES))
    expect(await boundBy(folder, command), command).toContain(name);
});

const READ: Readonly<Record<string, readonly string[]>> = {
  'cmake .': ['CMakeLists.txt', 'lib/CMakeLists.txt'],
  'cmake -S lib -B out': ['lib/CMakeLists.txt'],
  'cmake -P lib/do.cmake': ['lib/do.cmake'],
  'cmake --build lib': ['lib/build.ninja'],
  'pip install .': ['setup.py', 'pyproject.toml'],
  'pip3 install -e lib': ['lib/setup.py'],
  'python3 -m pip install ./lib': ['lib/setup.py'],
  gulp: ['gulpfile.js'],
  'npx gulp clean': ['gulpfile.js', 'node_modules/.bin/gulp'],
  'gulp --gulpfile lib/gulpfile.mjs': ['lib/gulpfile.mjs'],
  grunt: ['Gruntfile.js'],
  'just clean': ['justfile', 'more.just', 'own.sh'],
  'just -f lib/justfile clean': ['lib/justfile'],
  rake: ['Rakefile', 'rakelib/a.rake'],
  tox: ['tox.ini', 'setup.py'],
  nox: ['noxfile.py'],
  './gradlew clean': ['gradlew', 'build.gradle', 'lib/build.gradle.kts', 'gradle/wrapper/gradle-wrapper.jar'],
  'gradle -p lib clean': ['lib/build.gradle.kts'],
  'mvn -f lib clean': ['lib/pom.xml'],
  './mvnw clean': ['pom.xml', '.mvn/extensions.xml'],
  'task clean': ['Taskfile.yml', 'own.sh'],
  'make clean': ['Makefile', 'taken.mk', 'own.sh'],
  'make -C . clean': ['taken.mk', 'own.sh'],
};

test('files that a program looks for by itself are bound, with those that they take in and run', async () => {
  const folder = tempFolder();
  write(folder, {
    ...Object.fromEntries(
      Object.values(READ)
        .flat()
        .map((name) => [name, `# ${name}`]),
    ),
    justfile: "import 'more.just'\n",
    'more.just': 'clean:\n    sh own.sh\n',
    'Taskfile.yml': 'tasks:\n  clean:\n    cmds: [sh own.sh]\n',
    Makefile: 'include taken.mk\n',
    'taken.mk': 'clean:\n\tsh own.sh\n',
  });
  for (const [command, names] of Object.entries(READ))
    expect(await boundBy(folder, command), command).toEqual(expect.arrayContaining([...names]));
});

test('packages of a workspace are bound with the scripts of theirs that run', async () => {
  const folder = tempFolder();
  const manifest = (name: string) => JSON.stringify({ name, scripts: { x: `sh ${name}.sh` } });
  write(folder, {
    'package.json': JSON.stringify({ workspaces: ['packages/*'], scripts: { x: 'sh root.sh' } }),
    'packages/a/package.json': manifest('a'),
    'packages/b/package.json': manifest('b'),
    'packages/a/a.sh': 'a',
    'packages/b/b.sh': 'b',
    'root.sh': 'r',
  });
  for (const command of [
    'npm run x -w a',
    'npm run x --workspace=a',
    'npm run x --workspaces',
    'yarn workspace a x',
    'yarn workspaces foreach -A run x',
    'pnpm --filter a x',
    'pnpm -r x',
    'bun --filter a x',
  ])
    expect(await boundBy(folder, command), command).toEqual(
      expect.arrayContaining(['package.json', 'packages/a/package.json', 'packages/a/a.sh']),
    );
});

test('hooks that git would run are bound, by whatever they are found, and what they run', async () => {
  const folder = tempFolder();
  initRepository(folder, { 'a.txt': 'a' });
  initRepository(join(folder, 'inner'), { 'a.txt': 'a' });
  const hook = '#!/bin/sh\nsh tools/check.sh\n';
  write(folder, {
    '.git/hooks/pre-push': hook,
    '.git/hooks/pre-push.sample': 's',
    'inner/.git/hooks/pre-push': 'p',
    'own/pre-push': 'p',
    'tools/check.sh': 'c',
  });
  chmodSync(join(folder, '.git/hooks/pre-push'), 0o755);
  const bound = await boundBy(folder, 'git push --force');
  expect(bound).toEqual(expect.arrayContaining(['.git/hooks/pre-push', 'tools/check.sh']));
  expect(bound).not.toContain('.git/hooks/pre-push.sample');
  expect(await boundBy(folder, 'git -C inner push --force')).toContain('inner/.git/hooks/pre-push');
  expect(await boundBy(folder, 'git -c core.hooksPath=own push --force')).toContain('own/pre-push');
  git(folder, 'config', 'core.hooksPath', 'own');
  expect(await boundBy(folder, 'git push --force')).toContain('own/pre-push');
  git(folder, 'worktree', 'add', '--quiet', 'linked');
  write(folder, { 'linked/own/pre-push': 'other' });
  expect(await boundBy(join(folder, 'linked'), 'git push --force')).toContain('own/pre-push');
});

const UNTOLD: Readonly<Record<string, RegExp>> = {
  'sh "$X"': /^it runs a file with sh whose name is known only when it runs/u,
  'sudo bash ./$X.sh': /^it runs a file with bash/u,
  'node "$(which y)"': /^it runs a file with node/u,
  'source $X': /^it runs a file with source/u,
  '$X clean': /^it runs a program whose name/u,
  'env A=1 timeout 3 $X': /^it runs a program whose name/u,
  'cd "$X" && ./x.sh': /^it runs \.\/x\.sh in a folder that is known only when it runs/u,
  'cd "$X"; npm run x': /^it runs npm in a folder/u,
  'cd - && make clean': /^it runs make in a folder/u,
  'cd $X && git push --force': /^it runs git in a folder/u,
  'env -C $X ./x.sh': /^it runs \.\/x\.sh in a folder/u,
  'make -C "$X" clean': /^it runs make on a folder or a file/u,
  'make -f $X': /^it runs make on a folder or a file/u,
  'npm --prefix=$X run x': /^it runs npm on a folder or a file/u,
  'git -C $X push --force': /^it runs git on a folder or a file/u,
  'git -c core.hooksPath=$X push': /^it runs git on a folder or a file/u,
  'find . -execdir ./x.sh {} ;': /^it runs \.\/x\.sh in whatever folder it finds something/u,
  'find . -name "*.sh" -exec sh {} ;': /^it runs a file with sh/u,
  'ls *.sh | xargs -n1 sh': /^it runs whatever it finds with sh/u,
  'ls *.sh | xargs -I% sh %': /^it runs a file with sh/u,
  "bash -c 'cd $X && ./x.sh'": /^it runs \.\/x\.sh in a folder/u,
};

test('a command that does not tell which file it would run is refused in words that say what to do', async () => {
  const folder = tempFolder();
  write(folder, { 'x.sh': 'x', Makefile: 'all:', 'package.json': '{}' });
  for (const [command, why] of Object.entries(UNTOLD)) {
    const refused = inspect(folder, command);
    await expect(refused, command).rejects.toThrow(why);
    await expect(refused, command).rejects.toThrow(/so nobody could approve what it would run\.$/u);
    await expect(refused, command).rejects.toMatchObject({ hint: expect.stringContaining('by their names') });
  }
});

test('words that only other programs read leave no doubt', async () => {
  const folder = tempFolder();
  write(folder, { 'x.sh': 'x', list: 'l' });
  for (const command of [
    `cd "$X" && rm list`,
    `rm -rf "$X"`,
    `git branch -D "$X"`,
    `git commit -m "$X"`,
    `docker run -p "$X:80" -f image`,
    `sh x.sh "$X"`,
    `python3 -c "print($X)"`,
    `bash -c "rm $X"`,
    `sh ~/x.sh`,
    'cd /tmp && sh x.sh',
    'find . -name x -execdir rm {} +',
    'find . -exec sh x.sh {} +',
    'ls | xargs ./x.sh',
    'ls | xargs rm',
    'make clean VERSION="$(git describe)"',
  ])
    await expect(inspect(folder, command), command).resolves.toMatchObject({ call: { tool: 'Bash' } });
});
