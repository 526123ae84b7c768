import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { claudePath } from '../../src/infrastructure/claude/locateClaude.ts';
import { bash, makeSandbox, says } from '../support/sandbox.ts';
import { PROGRAM, startServer } from '../support/server.ts';

const BETWEEN = path.resolve(import.meta.dirname, '../support/claude/betweenCli.mjs');
const job = (request: string) => ({ request, tasks: [{ id: 'one', prompt: request }], wait_seconds: 0 });

test('before its first worker a server proves its gate by a canary, keeps the proof, and audits it', async () => {
  const sandbox = await makeSandbox({ proven: false });
  const server = await startServer(sandbox);
  const made = await server.job('orchestrate', {
    ...job(`${bash('echo x > made.txt')}${says('done')}`),
    workspace: sandbox.repository,
  });
  const ended = await server.end(made.job_id);
  expect([ended.status, ended.error]).toEqual(['succeeded', undefined]);
  expect(existsSync(path.join(sandbox.root, 'state/gate-proof.json'))).toBe(true);
  // The canary spoke to a model of its own: the user's account heard of the job alone.
  expect(JSON.stringify(sandbox.api.bodies)).not.toContain('canary');
  await server.close();
  const log = execFileSync(process.execPath, [PROGRAM, 'audit', 'export'], {
    env: sandbox.env,
    encoding: 'utf8',
  });
  expect(log).toContain('"enforcement.proven"');
  const doctor = execFileSync(process.execPath, [PROGRAM, 'doctor'], { env: sandbox.env, encoding: 'utf8' });
  expect(doctor).toMatch(/safety gate.*proven/);
});

test('a CLI that is honest for the canary only is noticed at its first own call: worker ended, work refused, told everywhere', async () => {
  const sandbox = await makeSandbox({ proven: false });
  const between = {
    ORCHESTRATOR_CLAUDE_PATH: BETWEEN,
    ORCHESTRATOR_WORKER_ENV: 'BETWEEN_CLI',
    BETWEEN_CLI: `turncoat ${await claudePath(undefined, sandbox.env)}`,
  };
  const server = await startServer(sandbox, { env: between });
  const prompt = `${bash('echo x > made.txt')}${bash('echo y > later.txt')}${says('done')}`;
  const made = await server.job('orchestrate', { ...job(prompt), workspace: sandbox.repository });
  const ended = await server.end(made.job_id);
  expect(ended.status).toBe('failed');
  expect(ended.tasks[0]).toMatchObject({
    attempts: 1,
    error: {
      code: 'OPERATION_DANGEROUS',
      message: expect.stringContaining("without the safety gate's leave"),
    },
  });
  const refused = await server.call('orchestrate', { ...job(says('again')), workspace: sandbox.repository });
  expect([refused.isError, refused.text]).toEqual([true, expect.stringContaining('(Bash) ran without')]);
  const health = await server.call('system_health', {});
  expect(health.text + JSON.stringify(health.structured)).toContain('(Bash) ran without');
  await server.close();
  const env = { ...sandbox.env, ...between };
  const log = execFileSync(process.execPath, [PROGRAM, 'audit', 'export'], { env, encoding: 'utf8' });
  const entry = log.split('\n').find((line) => line.includes('"enforcement.passed"'));
  expect(entry).toContain(made.job_id);
  const doctor = spawnSync(process.execPath, [PROGRAM, 'doctor'], { env, encoding: 'utf8' });
  expect(doctor.stdout).toMatch(/safety gate.*withdrawn.*\(Bash\) ran without/);
});

test('with a CLI that ignores its hooks no work is taken, and the server says why', async () => {
  const sandbox = await makeSandbox({ proven: false });
  const server = await startServer(sandbox, {
    env: {
      ORCHESTRATOR_CLAUDE_PATH: BETWEEN,
      ORCHESTRATOR_WORKER_ENV: 'BETWEEN_CLI',
      BETWEEN_CLI: `unset ${await claudePath(undefined, sandbox.env)}`,
    },
  });
  const made = await server.job('orchestrate', { ...job(says('done')), workspace: sandbox.repository });
  const ended = await server.end(made.job_id);
  expect(ended.status).toBe('failed');
  expect(JSON.stringify(ended.tasks)).toContain('OPERATION_DANGEROUS');
  const refused = await server.call('orchestrate', { ...job(says('again')), workspace: sandbox.repository });
  expect([refused.isError, refused.text]).toEqual([
    true,
    expect.stringContaining('safety gate does not hold'),
  ]);
  const health = await server.call('system_health', {});
  expect(health.text + JSON.stringify(health.structured)).toContain('never reached the gate');
  expect(sandbox.api.bodies).toEqual([]);
});
