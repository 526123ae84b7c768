import { expect, test } from 'vitest';
import { taskGround } from './ground.ts';

const BAD = 'git reset --hard';
const json = (value: unknown): string => JSON.stringify(value);

const ROOT = {
  workspaces: ['packages/*'],
  scripts: {
    build: 'echo root',
    'clean:all': 'git clean',
    rmdir: 'rm -rf',
    shown: 'echo',
    prepare: 'echo prepare',
    into: 'cd dist',
    preleave: 'cd dist',
    leave: 'rm -rf src',
  },
};

const ground = () =>
  taskGround({
    'package.json': json(ROOT),
    'pnpm-workspace.yaml': 'packages:\n  - packages/*\n',
    'src/a.ts': 'a',
    'packages/bad/package.json': json({ name: '@x/bad', scripts: { build: BAD, only: BAD } }),
    'packages/good/package.json': json({ name: '@x/good', scripts: { build: 'echo good' } }),
    'apart/package.json': json({ scripts: { build: BAD, test: BAD, start: BAD, stop: BAD, install: BAD } }),
    'hooked/package.json': json({ scripts: { build: 'echo', prebuild: BAD, posttest: BAD, test: 'echo' } }),
    'deep/package.json': json({ scripts: { clean: 'rm -rf out' } }),
    'deep/out/kept.txt': 'kept',
    'deep/in/x.txt': 'x',
  });

const REFUSED: readonly string[] = [
  'npm run build -w bad',
  'npm run build --workspace=@x/bad',
  'npm run build --workspace packages/bad',
  'npm -w ./packages/bad run build',
  'npm run build --workspaces',
  'npm run build -w "$X"',
  'npm run build -w nobody',
  'npm run build -ws',
  'npm run build --work=bad',
  'cd packages/good && npm run build -w bad',
  'yarn workspace @x/bad build',
  'yarn workspace @x/bad run build',
  'yarn workspaces run build',
  'yarn workspaces foreach -A run build',
  'yarn workspaces foreach --all --parallel --include @x/bad run build',
  'pnpm --filter bad build',
  'pnpm --filter @x/bad run build',
  'pnpm -F ./packages/bad run build',
  'pnpm --filter "@x/*" build',
  'pnpm -r build',
  'pnpm -r run build',
  'pnpm --recursive run build',
  'bun --filter bad run build',
  'bun run --filter "*" build',
  'bun --cwd apart run build',
  'bun run --cwd=apart build',
  'npm --prefix apart run build',
  'npm run build --prefix=apart',
  'npm -C apart run build',
  'pnpm -C apart build',
  'pnpm --dir=apart run build',
  'yarn --cwd apart build',
  'cd apart && npm ru build',
  'cd apart && npm rum build',
  'cd apart && npm urn build',
  'cd apart && npm run-script build',
  'cd apart && npm run-s build',
  'cd apart && npm t',
  'cd apart && npm tst',
  'cd apart && npm start',
  'cd apart && npm stop',
  'cd apart && npm restart',
  'cd apart && npm i',
  'cd apart && npm ci',
  'cd apart && node --run build',
  'cd apart && node --env-file=.env --run=build',
  'cd apart && node --env-file .env --run build',
  'cd hooked && npm run build',
  'cd hooked && npm test',
  'npm run clean:all -- -fdx',
  'npm run clean:all -- "$FLAGS" -fd',
  'npm run rmdir src',
  'npm run rmdir -- ~/x',
  'yarn rmdir src',
  'pnpm run rmdir src',
  'pnpm -r exec rm -rf src',
  'npm exec -w good -- rm -rf src',
  'npm --script-shell=./x.sh run build',
  'npm run build --script-shell ./x.sh',
  "npm run build --node-options='--require ./x.js'",
  'npm run build --userconfig=./x',
  'npm_config_yes=true npx unheard-of',
  'env npm_config_yes=1 npx unheard-of',
  'NPM_CONFIG_SCRIPT_SHELL=./x.sh npm run build',
  'npm_config_script_shell=./x.sh npm run build',
  "npm_config_node_options='--require ./x.js' npm run build",
  'npm_config_userconfig=./x npm run build',
  'cd deep && npm run clean',
  'cd deep/in && npm run clean',
  'npm run leave',
];

test('a package script is judged by the text of the package that runs it, with its arguments and hooks', async () => {
  const { run } = ground();
  for (const command of REFUSED) expect.soft([command, (await run(command)).risk]).toEqual([command, 'HIGH']);
});

const ALLOWED: readonly string[] = [
  'npm run build',
  'npm run build -w good',
  'npm run build --workspace=packages/good',
  'yarn workspace @x/good build',
  'pnpm --filter @x/good build',
  'bun --filter good run build',
  'cd packages/good && npm run build',
  'npm run shown -- rm -rf src',
  'npm install',
  'npm ci --ignore-scripts',
  'npm run build --script-shell=/bin/bash',
  "NODE_OPTIONS='--max-old-space-size=4096' npm run build",
  'npm_config_loglevel=silent npm run build',
  'npm test -- --watch',
  // What nobody knows is a command like any other.
  'npm run unknown',
  'npm run "$X"',
  'npm --prefix "$X" run build',
  'npm run only -w good',
  'pnpm --filter good unknown',
  'npm --prefix nowhere run unknown',
];

test('of other packages, and of an unknown script, it is a command that is watched, never one that only reads', async () => {
  const { run } = ground();
  for (const command of ALLOWED) {
    const { risk, decision } = await run(command);
    expect.soft([command, risk, decision]).toEqual([command, 'MEDIUM', 'allow']);
  }
});
