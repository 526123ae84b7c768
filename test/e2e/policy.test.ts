import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { PROGRAM } from '../support/server.ts';

const LINES = 5_000;

/** The built program as a person starts it, with a folder of settings of its own. */
const program = async () => {
  const sandbox: Sandbox = await makeSandbox();
  const config = path.join(sandbox.root, 'own-settings');
  const folder = path.join(sandbox.root, 'own-folder');
  for (const one of [config, folder]) mkdirSync(one);
  const env = { ...sandbox.env, ORCHESTRATOR_CONFIG_DIR: config };
  const fed = async (input: string, ...args: string[]) => {
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      env,
      cwd: folder,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdin.end(input);
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    return { stdout: await text(child.stdout), exitCode: await ended };
  };
  return { sandbox, config, folder, env, fed };
};

test('judge takes thousands of lines from a pipe and answers each in its order, without a server', async () => {
  const { sandbox, fed } = await program();
  const input = Array.from({ length: LINES }, (_, n) => `{"command":"rm file-${n}"}\n`).join('');
  const { stdout, exitCode } = await fed(input, 'judge', '--jsonl');
  const answers = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(answers.map(({ command }) => command)).toEqual(
    Array.from({ length: LINES }, (_, n) => `rm file-${n}`),
  );
  expect(new Set(answers.map(({ decision }) => decision))).toEqual(new Set(['ask']));
  expect(exitCode).toBe(0);
  expect(existsSync(path.join(sandbox.env.ORCHESTRATOR_STATE_DIR ?? '', 'server.json'))).toBe(false);
});

test("the hook answers a person's Claude Code, and asks where the policy itself is broken", async () => {
  const { config, folder, fed } = await program();
  const call = (command: string): string =>
    JSON.stringify({
      hook_event_name: 'PreToolUse',
      cwd: folder,
      tool_name: 'Bash',
      tool_input: { command },
    });
  const decided = async (input: string): Promise<unknown> => {
    const { stdout, exitCode } = await fed(input, 'hook');
    expect(exitCode).toBe(0);
    return JSON.parse(stdout).hookSpecificOutput?.permissionDecision;
  };
  expect(await decided(call('npm test'))).toBeUndefined();
  expect(await decided(call('rm -rf src'))).toBe('ask');
  expect(await decided(call('git push --force'))).toBe('deny');
  expect(await decided('no json')).toBe('ask');
  writeFileSync(path.join(config, 'policy.yaml'), 'version: nonsense');
  expect(await decided(call('npm test'))).toBe('ask');
});

test('policy check ends with 78 where the policy is wrong, and names the place', async () => {
  const { config, env, folder } = await program();
  writeFileSync(path.join(config, 'policy.yaml'), 'version: 1\nruls: []\n');
  const checked = promisify(execFile)(process.execPath, [PROGRAM, 'policy', 'check'], { env, cwd: folder });
  await expect(checked).rejects.toMatchObject({
    code: 78,
    stderr: expect.stringContaining('policy.yaml:2:1: ruls'),
  });
});
