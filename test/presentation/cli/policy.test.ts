import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkPolicy, openSafety } from '../../../src/compose/safetyHere.ts';
import type { ToolCall, Verdict } from '../../../src/domain/safety/verdict.ts';
import { hookAnswer } from '../../../src/presentation/cli/policy/hookAnswer.ts';
import { lineGroups } from '../../../src/presentation/cli/policy/lines.ts';
import { createHarness } from './support/harness.ts';

const before = { ...process.env };
let root: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'policy-cli-')));
  for (const name of ['config', 'state', 'project']) mkdirSync(path.join(root, name));
  execFileSync('git', ['init', '--quiet', path.join(root, 'project')]);
  process.env.ORCHESTRATOR_CONFIG_DIR = path.join(root, 'config');
  process.env.ORCHESTRATOR_STATE_DIR = path.join(root, 'state');
});
afterEach(() => {
  process.env = { ...before };
  rmSync(root, { recursive: true, force: true });
});

const policy = (text: string, name = 'config/policy.yaml'): void => {
  mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
  writeFileSync(path.join(root, name), text);
};

/** The commands over the real policies and the real judge. */
const cli = (parts: readonly string[] = []) =>
  createHarness({
    folder: () => path.join(root, 'project'),
    safety: { check: checkPolicy, open: openSafety },
    stdinParts: async function* () {
      yield* parts;
    },
  });

const RULE =
  'version: 1\nrules:\n- {id: no-make, match: {argv: [make]}, decision: deny, reason: Use ninja.}\n';

test('policy check says that a policy is good, and what its hash is', async () => {
  const builtIn = await cli().run('policy', 'check', '--json');
  expect(JSON.parse(builtIn.stdout)).toMatchObject({ source: 'built-in', kind: 'machine', warnings: [] });
  policy(RULE);
  const own = await cli().run('policy', 'check', '--json');
  expect(JSON.parse(own.stdout)).toMatchObject({ source: path.join(root, 'config/policy.yaml') });
  expect(JSON.parse(own.stdout).hash).not.toBe(JSON.parse(builtIn.stdout).hash);
});

test('policy check names file, line and column of a mistake, and what to do', async () => {
  policy('version: 1\nlevels: {HIHG: deny}\n', 'wrong.yaml');
  const { exitCode, stderr } = await cli().run('policy', 'check', '../wrong.yaml');
  expect(exitCode).toBe(78);
  expect(stderr).toContain('wrong.yaml:2:10: levels.HIHG: there is no such field');
  expect(stderr).toContain('hint:');
});

test('policy check tells what a policy gives away, and what a repository may not', async () => {
  policy('version: 1\nlevels: {HIGH: allow}\ndual_control: [disk]\n', 'loose.yaml');
  expect((await cli().run('policy', 'check', '../loose.yaml')).stdout).toMatch(
    /warning: levels.HIGH: allow lets .*\n.*warning: levels|warning: dual_control: two approvers/s,
  );
  const repository = await cli().run('policy', 'check', '../loose.yaml', '--repository');
  expect(repository.stdout).toContain(
    'levels.HIGH: allow would loosen the policy of this machine and is ignored.',
  );
});

test('policy explain shows each part, its risk and why, what it touches, and the rule that decided', async () => {
  policy(RULE);
  const { stdout, exitCode } = await cli().run('policy', 'explain', 'cd build && sudo make && rm -rf out/*');
  expect(exitCode).toBe(0);
  expect(stdout).toContain('decision  deny: it never runs');
  expect(stdout).toMatch(/\d\. make\n(.*\n)*? +\w+ +deny +command +Use ninja. \(rule no-make\)/);
  expect(stdout).toMatch(/\d\. rm -rf 'out\/\*'|\d\. rm -rf out\/\*/);
  expect(stdout).toContain(`delete: ${root}/project/build/out/*`);
  const json = JSON.parse((await cli().run('policy', 'explain', 'rm a', '--json')).stdout);
  expect(json).toMatchObject({
    decision: 'ask',
    risk: 'HIGH',
    approvers_needed: 1,
    policy: { hash: expect.any(String) },
  });
});

test('policy explain of what a person is asked about tells what a denial says, not a refusal', async () => {
  const { stdout } = await cli().run('policy', 'explain', 'rm a');
  expect(stdout).toContain('decision  ask: a person must approve it');
  expect(stdout).toContain('if denied, a worker hears  This call was denied. Go on with the task without it');
  expect(stdout).not.toMatch(/^a worker hears|refused/m);
  const denied = await cli().run('policy', 'explain', 'rm -rf /');
  expect(denied.stdout).toMatch(/^a worker hears {2}.*refused/m);
  expect((await cli().run('policy', 'explain', 'ls')).stdout).not.toContain('hears');
});

test('policy explain folds what is below the risk of a part into one quiet line', async () => {
  const { stdout } = await cli().run('policy', 'explain', 'rm -rf /etc/a src');
  const rows = stdout.split('\n').filter((line) => /^ +(SAFE|LOW|MEDIUM|HIGH|CRITICAL) /.test(line));
  const worst = /^risk +(\w+)/m.exec(stdout)?.[1];
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) expect(row).toContain(` ${worst} `);
});

test('policy explain judges other tools too, and writes out what could deceive', async () => {
  const write = await cli().run(
    'policy',
    'explain',
    '--tool',
    'Write',
    '--input',
    '{"file_path":"/etc/x"}',
    '--json',
  );
  expect(JSON.parse(write.stdout)).toMatchObject({
    decision: 'ask',
    parts: [{ touches: [{ access: 'write', path: '/etc/x' }] }],
  });
  expect((await cli().run('policy', 'explain', 'echo \u202e hi\u001b[2J')).stdout).not.toMatch(
    /[\u202e\u001b]/,
  );
  expect((await cli().run('policy', 'explain', '--tool', 'Write', '--input', 'no')).exitCode).toBe(78);
  expect((await cli().run('policy', 'explain')).exitCode).toBe(78);
});

test('judge answers a line with a line, in order; a bad one gets an error in its place and the exit code tells', async () => {
  const lines = [
    '{"command":"ls","label":"safe"}',
    'no',
    '{"tool":"Read","input":{"file_path":"a"}}',
    '{}',
    '',
  ];
  // Cut anywhere: lines are what counts, not how they come.
  const parts = [...`${lines.join('\n')}\n{"command":"rm -rf /"}`].map((_, at, all) =>
    all.slice(at, at + 1).join(''),
  );
  const { stdout, exitCode } = await cli(parts).run('judge', '--jsonl');
  const answers = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(answers).toMatchObject([
    { command: 'ls', risk: 'SAFE', decision: 'allow' },
    { line: 2, error: { code: 'TASK_VALIDATION' } },
    { tool: 'Read', risk: 'SAFE' },
    { line: 4, error: {} },
    { command: 'rm -rf /' },
  ]);
  expect(['HIGH', 'CRITICAL']).toContain(answers[4].risk);
  expect(exitCode).toBe(65);
  expect((await cli(['{"command":"ls"}\n']).run('judge', '--jsonl')).exitCode).toBe(0);
});

test('judge keeps no line that is longer than any command, and goes on behind it', async () => {
  async function* endless() {
    for (let at = 0; at < 100; at++) yield 'x'.repeat(100_000);
    yield '\nnext\n';
  }
  const seen: unknown[] = [];
  for await (const group of lineGroups(endless())) seen.push(...group);
  expect(seen).toEqual([{ tooLong: true }, { text: 'next' }]);
});

test('judge answers who waits before it sends the next line', async () => {
  const heard = Promise.withResolvers<void>();
  const harness = createHarness({
    folder: () => path.join(root, 'project'),
    safety: { check: checkPolicy, open: openSafety },
    stdinParts: async function* () {
      yield '{"command":"ls"}\n';
      await heard.promise;
      yield '{"command":"pwd"}\n';
    },
    writeOut: async (text) => {
      if (text.includes('"ls"')) heard.resolve();
    },
  });
  expect((await harness.run('judge', '--jsonl')).exitCode).toBe(0);
});

const verdict = (over: Partial<Verdict>): Verdict => ({
  risk: 'SAFE',
  decision: 'allow',
  approversNeeded: 1,
  policyHash: 'p',
  reasons: [],
  message: '',
  ...over,
});
const CALL = JSON.stringify({
  hook_event_name: 'PreToolUse',
  cwd: '/p',
  tool_name: 'Bash',
  tool_input: { command: 'rm a' },
});

test('the hook leaves what is allowed to Claude Code, asks and denies, and asks where anything goes wrong', async () => {
  const calls: [ToolCall, string][] = [];
  const answer = async (text: string, given: Verdict): Promise<unknown> =>
    JSON.parse(
      await hookAnswer(text, async (call, cwd) => {
        calls.push([call, cwd]);
        return given;
      }),
    );
  const decision = (permissionDecision: string) => ({
    hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision },
  });
  expect(await answer(CALL, verdict({ risk: 'MEDIUM' }))).toEqual({});
  expect(await answer(CALL, verdict({ risk: 'HIGH', decision: 'ask' }))).toMatchObject(decision('ask'));
  expect(await answer(CALL, verdict({ risk: 'CRITICAL', decision: 'deny' }))).toMatchObject(decision('deny'));
  expect(calls[0]).toEqual([{ tool: 'Bash', input: { command: 'rm a' }, fromSubagent: false }, '/p']);
  for (const broken of ['', '{', '[]', '{"hook_event_name":"PreToolUse"}'])
    expect(await answer(broken, verdict({}))).toMatchObject(decision('ask'));
  const failing = await hookAnswer(CALL, () => Promise.reject(new Error('no disk')));
  expect(JSON.parse(failing)).toMatchObject(decision('ask'));
  expect(failing).toContain('no disk');
});

test('a start that the settings forbid says so', async () => {
  policy('version: 3\n');
  expect((await cli().run('policy', 'explain', 'ls')).exitCode).toBe(78);
});
