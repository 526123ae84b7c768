import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { bash, makeSandbox, type Sandbox, says, tool } from '../support/sandbox.ts';
import { type ServerUnderTest, startServer } from '../support/server.ts';

const job = (sandbox: Sandbox, more: Record<string, unknown> = {}) => ({
  request: 'Write new.txt.',
  workspace: sandbox.repository,
  tasks: [{ id: 'write', prompt: `Write. ${bash('echo new > new.txt')}${says('wrote')}` }],
  ...more,
});

const refusal = async (server: ServerUnderTest, body: Record<string, unknown>): Promise<string> => {
  const answer = await server
    .call('orchestrate', body)
    .catch((error: Error) => ({ isError: true, text: error.message }));
  expect(answer.isError).toBe(true);
  return answer.text;
};

describe('a workspace that cannot be used is refused before anything starts', () => {
  it('missing, relative, a file, outside the roots, behind a link, beside a root, the state directory', async () => {
    const sandbox = await makeSandbox();
    const roots = path.join(sandbox.root, 'allowed');
    mkdirSync(path.join(roots, 'inside'), { recursive: true });
    mkdirSync(path.join(sandbox.root, 'allowed-evil'));
    writeFileSync(path.join(roots, 'file'), '');
    symlinkSync('/', path.join(roots, 'link'));
    const server = await startServer(sandbox, { env: { ORCHESTRATOR_ALLOWED_ROOTS: roots } });
    const cases: [string, RegExp][] = [
      [path.join(roots, 'nowhere'), /not|exist/i],
      ['relative/path', /absolute/i],
      [path.join(roots, 'file'), /folder|directory/i],
      [sandbox.repository, /outside|allowed/i],
      [path.join(roots, 'link'), /outside|allowed/i],
      [path.join(sandbox.root, 'allowed-evil'), /outside|allowed/i],
      [path.join(roots, 'inside'), /git/i],
    ];
    for (const [workspace, words] of cases)
      expect(await refusal(server, job(sandbox, { workspace })), workspace).toMatch(words);
    expect(sandbox.api.requests).toEqual([]);
    expect((await server.call('job_list', {})).structured).toMatchObject({ jobs: [] });
  });
});

describe('a plan that makes no sense is refused with the culprit named', () => {
  it('cycle, itself, unknown dependency, duplicate id, too long a prompt, unknown field', async () => {
    const sandbox = await makeSandbox();
    const server = await startServer(sandbox);
    const tasks = (...list: Record<string, unknown>[]) =>
      job(sandbox, { tasks: list.map((task) => ({ prompt: 'Do it.', ...task })) });
    expect(
      await refusal(server, tasks({ id: 'a', depends_on: ['b'] }, { id: 'b', depends_on: ['a'] })),
    ).toMatch(/cycle: .*a.*b/);
    expect(await refusal(server, tasks({ id: 'a', depends_on: ['a'] }))).toMatch(/a → a/);
    expect(await refusal(server, tasks({ id: 'a', depends_on: ['ghost'] }))).toMatch(/ghost/);
    expect(await refusal(server, tasks({ id: 'a' }, { id: 'a' }))).toMatch(/"a" stands twice/);
    expect(await refusal(server, tasks({ id: 'a', prompt: 'x'.repeat(1_000_001) }))).toMatch(
      /1000000|1,000,000/,
    );
    expect(await refusal(server, job(sandbox, { approved_by: 'me' }))).toMatch(/approved_by/);
    expect(await refusal(server, job(sandbox, { model: '--dangerously' }))).toMatch(/model/);
    expect(sandbox.api.requests).toEqual([]);
  });

  it('a verification that does not exist ends the task as red, in words that say so', async () => {
    const sandbox = await makeSandbox();
    const server = await startServer(sandbox);
    const { job_id } = await server.job(
      'orchestrate',
      job(sandbox, {
        tasks: [
          {
            id: 'write',
            prompt: `Write. ${bash('echo new > new.txt')}${says('wrote')}`,
            verify: 'no-such-program --check',
          },
        ],
      }),
    );
    const done = await server.end(job_id);
    expect(done.tasks[0]).toMatchObject({ status: 'failed', verification: 'failed' });
    const log = await server.call('task_output', { job_id, task_id: 'write' });
    expect(log.text).toMatch(/no-such-program.*not found/);
  });
});

describe('the gate', () => {
  it('refuses deletes in whatever dress, writes outside the worktree and protected places, and tells the worker why', async () => {
    const sandbox = await makeSandbox({ files: { 'keep.txt': 'keep\n' } });
    // Nobody is asked here: what happens where a person is, is in approvals.test.ts.
    mkdirSync(path.join(sandbox.root, 'config'));
    writeFileSync(path.join(sandbox.root, 'config/policy.yaml'), 'version: 1\nlevels: { HIGH: deny }\n');
    const server = await startServer(sandbox);
    const outside = path.join(sandbox.repository, 'outside.txt');
    const calls = [
      bash("bash -c 'rm keep.txt'"),
      bash('find . -name keep.txt -delete'),
      bash('git clean -fd'),
      bash('rm keep.txt || true'),
      bash('echo "unterminated'),
      bash(`echo x > ${outside}`),
      tool('Write', { file_path: outside, content: 'x' }),
      tool('Write', { file_path: '.git', content: 'x' }),
      tool('Write', { file_path: '.claude/settings.json', content: '{}' }),
      tool('Read', { file_path: path.join(sandbox.root, 'state', 'owner.json') }),
      tool('Agent', {
        description: 'd',
        prompt: `In a sub-agent. ${bash('rm keep.txt')}${says('sub')}`,
        subagent_type: 'general-purpose',
      }),
    ];
    const { job_id } = await server.job(
      'orchestrate',
      job(sandbox, {
        tasks: [{ id: 'evil', title: 'Evil', prompt: `[[begin]]${calls.join('')}${says('tried')}[[end]]` }],
      }),
    );
    const done = await server.end(job_id);
    expect(done.tasks[0]?.status).toBe('done');
    expect(existsSync(outside)).toBe(false);
    const events: { events: { type: string; allowed?: boolean; risk?: string }[] } = JSON.parse(
      await server.readResource(`job://${job_id}/events`),
    );
    const refused = events.events.filter((event) => event.type === 'tool.judged');
    const log = await server.call('task_output', { job_id, task_id: 'evil' });
    expect(refused.length, log.text).toBe(calls.length);
    for (const event of refused) expect(['HIGH', 'CRITICAL']).toContain(event.risk);
    // The worker was told in words that it can act on, and nothing was deleted.
    expect(JSON.stringify(sandbox.api.bodies.at(-1))).toMatch(/is refused because/);
    expect(done.files_changed).toEqual([]);
  });
});

describe('a CLI or an account that does not work', () => {
  it('no credentials: the job fails at once, once, with the way out', async () => {
    const sandbox = await makeSandbox({ env: { ANTHROPIC_API_KEY: 'sk-ant-bad' } });
    const server = await startServer(sandbox);
    const { job_id } = await server.job(
      'orchestrate',
      job(sandbox, { max_workers: 1, tasks: ['a', 'b', 'c'].map((id) => ({ id, prompt: `Do ${id}.` })) }),
    );
    const done = await server.end(job_id);
    expect(done.status).toBe('failed');
    expect(JSON.stringify(done.tasks[0])).toMatch(/API_AUTHENTICATION/);
    expect(done.tasks.slice(1).map((task) => task.status)).toEqual(['skipped', 'skipped']);
  });

  it('a missing CLI, one that ends at once and one that prints garbage each have their own error', async () => {
    const sandbox = await makeSandbox();
    const script = (name: string, text: string): string => {
      const file = path.join(sandbox.root, name);
      writeFileSync(file, `#!/bin/sh\n[ "$1" = --version ] && echo 9.9.9 && exit\n${text}\n`);
      chmodSync(file, 0o755);
      return file;
    };
    const code = async (claude: string, state: string): Promise<string> => {
      const server = await startServer(sandbox, {
        env: { ORCHESTRATOR_CLAUDE_PATH: claude, ORCHESTRATOR_STATE_DIR: path.join(sandbox.root, state) },
      });
      const { job_id } = await server.job('orchestrate', job(sandbox));
      const done = await server.end(job_id);
      await server.close();
      return JSON.stringify(done.tasks[0]);
    };
    expect(await code(path.join(sandbox.root, 'no-claude'), 's1')).toMatch(/DEPENDENCY_MISSING/);
    const crash = await code(script('crashing', 'echo LAST-WORDS >&2\nexit 7'), 's2');
    expect(crash).toMatch(/WORKER_CRASH/);
    expect(crash).toMatch(/LAST-WORDS/);
    expect(await code(script('garbage', 'head -c 40000000 /dev/zero | tr "\\0" x\nsleep 60'), 's3')).toMatch(
      /WORKER_COMMUNICATION/,
    );
  });

  it('an API that is overloaded for a while is waited out, and the attempt counts', async () => {
    const sandbox = await makeSandbox({ env: { CLAUDE_CODE_MAX_RETRIES: '0' } });
    const server = await startServer(sandbox);
    const { job_id } = await server.job(
      'orchestrate',
      job(sandbox, {
        tasks: [
          {
            id: 'write',
            title: 'Write',
            prompt: `[[status:529 x1]]${bash('echo new > new.txt')}${says('wrote')}`,
          },
        ],
      }),
    );
    const done = await server.end(job_id);
    expect(done.tasks[0]).toMatchObject({ status: 'done', attempts: 2 });
  });
});
