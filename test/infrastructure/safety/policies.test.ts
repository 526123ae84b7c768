import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../../src/domain/safety/policy/policy.ts';
import { hashed } from '../../../src/infrastructure/safety/hashed.ts';
import { parsePolicy } from '../../../src/infrastructure/safety/policyFile.ts';
import { policySource } from '../../../src/infrastructure/safety/policySource.ts';
import { createToolGate } from '../../../src/infrastructure/safety/toolGate.ts';
import { taskGround, temporary } from './ground.ts';

const STRICT = 'version: 1\nlevels:\n  MEDIUM: ask\n';

test('a policy is read from YAML and from JSON, and the same policy has the same hash', () => {
  const yaml = parsePolicy(
    'version: 1\nrules:\n- {id: a, match: {tool: X}, decision: deny, reason: r}\n',
    'p.yaml',
  );
  const json = parsePolicy(JSON.stringify(yaml), 'p.json');
  expect(json).toEqual(yaml);
  const { hash } = hashed(DEFAULT_POLICY);
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(hashed({ ...DEFAULT_POLICY, readRoots: ['/x'] }).hash).not.toBe(hash);
  expect(hashed({ ...hashed(DEFAULT_POLICY), readRoots: [] }).hash).toBe(hash);
});

test.each([
  ['version: 2\n', 'p:1:10: version: must be 1'],
  ['version: 1\nlevls: {}\n', 'p:2:1: levls: there is no such field'],
  ['version: 1\nlevels: {CRITICAL: allow}\n', 'p:2:10: levels.CRITICAL: there is no such field'],
  ['version: 1\ndual_control: [dsik]\n', 'p:2:16: dual_control[0]: Invalid option'],
  ['version: 1\nrules:\n- id: a\n  match: {}\n  reason: r\n', 'must say at least one of'],
  ['version: 1\nrules: [\n', 'p:'],
  ['a: &a [*a, *a]\n', 'p:'],
  ['', 'p:'],
])('a mistake is told with file, line and column, and what to do: %j', (text, problem) => {
  expect(() => parsePolicy(text, 'p')).toThrow(problem);
  try {
    parsePolicy(text, 'p');
  } catch (error) {
    expect(error).toMatchObject({
      code: 'CONFIGURATION_INVALID',
      hint: expect.stringContaining('policy check'),
    });
  }
});

test('an edit is in force at the next call and told; a wrong edit leaves the last good one in force', async () => {
  const configDir = temporary();
  const file = path.join(configDir, 'policy.yaml');
  const changes: string[][] = [];
  const problems: unknown[] = [];
  const source = policySource({
    file: undefined,
    configDir,
    onChanged: (...hashes) => void changes.push(hashes),
    onProblem: (error) => void problems.push(error),
  });
  const builtIn = source.current().hash;
  const gate = createToolGate({ protectedRoots: [], policy: source.current });
  const folder = temporary();
  const judge = () =>
    gate.judge(
      { tool: 'Bash', input: { command: 'make' }, fromSubagent: false },
      { cwd: folder, worktree: folder, readRoots: [] },
    );
  expect(await judge()).toMatchObject({ decision: 'allow', policyHash: builtIn });
  writeFileSync(file, STRICT);
  const strict = await judge();
  expect(strict.decision).toBe('ask');
  expect(changes).toEqual([[strict.policyHash, builtIn]]);
  writeFileSync(file, 'version: nonsense, half written');
  expect((await judge()).decision).toBe('ask');
  expect((await judge()).decision).toBe('ask');
  expect(problems).toHaveLength(1);
  rmSync(file);
  expect((await judge()).policyHash).toBe(builtIn);
  expect(changes).toHaveLength(2);
});

test('a named policy that is not there stops the start', () => {
  const configDir = temporary();
  expect(() => policySource({ file: path.join(configDir, 'none.yaml'), configDir })).toThrow(
    'cannot be read',
  );
});

test("a repository's policy comes from the commit that the task began from, not from what the worker writes", async () => {
  const warnings: string[] = [];
  const g = taskGround(
    { '.orchestrator/policy.yaml': `${STRICT}  HIGH: allow\n`, 'a.txt': '' },
    { onWarning: (text) => void warnings.push(text) },
  );
  const first = await g.run('make');
  expect(first.decision).toBe('ask');
  expect((await g.run('rm a.txt')).decision).toBe('ask');
  g.put('.orchestrator/policy.yaml', 'version: 1\n');
  g.git(g.worktree, ['commit', '--quiet', '--all', '-m', 'looser']);
  expect((await g.run('make')).policyHash).toBe(first.policyHash);
  expect(warnings).toEqual(['levels.HIGH: allow would loosen the policy of this machine and is ignored.']);
  expect(first.policyHash).not.toBe(hashed(DEFAULT_POLICY).hash);
});

test("a repository's policy that cannot be understood makes commands be asked about, and is told once", async () => {
  const warnings: string[] = [];
  const g = taskGround(
    { '.orchestrator/policy.json': '{"version": 1, "levls": {}}' },
    { onWarning: (text) => void warnings.push(text) },
  );
  expect((await g.run('make')).decision).toBe('ask');
  expect((await g.judgeIn(g.worktree, 'Read', { file_path: 'a' })).decision).toBe('allow');
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('.orchestrator/policy.json:1:16: levls');
});

test('folders that the policy lists may be read, by their real place, and not written', async () => {
  const more = temporary();
  mkdirSync(path.join(more, 'docs'));
  const g = taskGround(
    {},
    { policy: () => hashed({ ...DEFAULT_POLICY, readRoots: [path.join(more, 'docs')] }) },
  );
  const file_path = path.join(more, 'docs', 'a');
  expect((await g.judgeIn(g.worktree, 'Read', { file_path })).decision).toBe('allow');
  expect((await g.judgeIn(g.worktree, 'Read', { file_path: path.join(more, 'a') })).decision).toBe('ask');
  expect((await g.judgeIn(g.worktree, 'Write', { file_path, content: '' })).decision).toBe('ask');
});
