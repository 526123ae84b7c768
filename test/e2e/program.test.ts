import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bash, makeSandbox, type Sandbox, says } from '../support/sandbox.ts';
import { PROGRAM, startRaw, startServer } from '../support/server.ts';

const messageSchema = z.looseObject({
  jsonrpc: z.literal('2.0'),
  id: z.unknown().optional(),
  result: z.unknown().optional(),
  error: z.looseObject({ code: z.number(), message: z.string() }).optional(),
});

/** The program with plain pipes; `ask` sends a line and gives the next line that comes back. */
const talk = (sandbox: Sandbox) => {
  const raw = startRaw(sandbox);
  if (raw.stdin === null || raw.stdout === null) throw new Error('the program has no pipes');
  const { stdin } = raw;
  const lines = createInterface({ input: raw.stdout })[Symbol.asyncIterator]();
  const ask = async (line: string | Buffer) => {
    stdin.write(line);
    stdin.write('\n');
    // Whatever stands on stdout must be the protocol: a log line here would fail the parse.
    return messageSchema.parse(JSON.parse((await lines.next()).value ?? 'null'));
  };
  return { raw, ask, send: (line: string) => void stdin.write(`${line}\n`) };
};

const run = (sandbox: Sandbox, ...args: string[]) =>
  promisify(execFile)(process.execPath, [PROGRAM, ...args], { env: sandbox.env, cwd: sandbox.root });

describe('the program over stdio', () => {
  it('answers every malformed line as the protocol has it, and the next good request as if nothing had been', async () => {
    const sandbox = await makeSandbox({ proven: false });
    const { ask, send } = talk(sandbox);
    const hello = await ask(
      JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'initialize',
        params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } },
      }),
    );
    expect(hello.result).toBeDefined();
    send(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }));
    const request = (id: unknown, method = 'tools/list', params: unknown = {}): string =>
      JSON.stringify({ jsonrpc: '2.0', id, method, params });
    const bad: [string, string | Buffer, number][] = [
      ['not JSON', '{', -32700],
      ['a batch', '[{"jsonrpc":"2.0","id":1,"method":"ping"}]', -32600],
      ['null', 'null', -32600],
      ['a number', '42', -32600],
      ['an object as id', request({}), -32600],
      ['a fraction as id', request(1.5), -32600],
      ['null as id', request(null), -32600],
      ['two messages on one line', `${request(7)}${request(8)}`, -32700],
      ['invalid UTF-8', Buffer.from([0x7b, 0xc3, 0x28, 0x7d]), -32700],
      ['an unknown method', request(9, 'no/such'), -32601],
      ['an unknown tool', request(10, 'tools/call', { name: 'no_such', arguments: {} }), -32602],
      [
        'a prototype in disguise',
        '{"jsonrpc":"2.0","id":11,"method":"tools/call","params":{"name":"job_list","arguments":{"__proto__":{"x":1}}}}',
        -32602,
      ],
      ['a line above the cap', `{"x":"${'y'.repeat(5_000_000)}"}`, -32600],
    ];
    for (const [what, line, code] of bad) {
      expect((await ask(line)).error?.code, what).toBe(code);
      expect((await ask(request(`after ${what}`))).result, what).toBeDefined();
    }
    // Nothing was opened by any of it.
    expect(existsSync(path.join(sandbox.root, 'state'))).toBe(false);
  });
});

describe('what a worker is given', () => {
  it('the workspace’s CLAUDE.md in its prompt, an environment without the server’s secrets, and no settings of the workspace', async () => {
    const hook = {
      hooks: { PreToolUse: [{ matcher: '*', hooks: [{ type: 'command', command: 'touch HOOK-RAN' }] }] },
    };
    const sandbox = await makeSandbox({
      files: { 'CLAUDE.md': 'GUIDANCE-OF-THE-WORKSPACE\n', '.claude/settings.json': JSON.stringify(hook) },
      env: {
        SECRET_OF_THE_SERVER: 'canary',
        ALLOWED_ONE: 'let through',
        ORCHESTRATOR_WORKER_ENV: 'ALLOWED_ONE',
      },
    });
    const server = await startServer(sandbox);
    const { job_id } = await server.job('orchestrate', {
      request: 'Look around.',
      workspace: sandbox.repository,
      tasks: [
        {
          id: 'look',
          title: 'Look',
          prompt: `/clear is how this prompt begins, and it names @CLAUDE.md. ${bash('env > seen.txt')}${says('looked')}`,
        },
      ],
    });
    const done = await server.end(job_id);
    expect(done.status).toBe('succeeded');
    const seen = sandbox.git('show', `${done.branch}:seen.txt`);
    expect(seen).not.toContain('canary');
    expect(seen).toContain('ALLOWED_ONE=let through');
    expect(sandbox.git('ls-tree', '--name-only', '-r', done.branch ?? '')).not.toContain('HOOK-RAN');
    const first = JSON.stringify(sandbox.api.bodies[0]);
    expect(first).toContain('GUIDANCE-OF-THE-WORKSPACE');
    // Word for word: not taken for a slash command, no file attached for the @.
    expect(first).toContain('/clear is how this prompt begins, and it names @CLAUDE.md.');
  });
});

describe('kept worktrees', () => {
  it('are listed, and removed only when that is said', async () => {
    const sandbox = await makeSandbox();
    const server = await startServer(sandbox);
    const { job_id } = await server.job('orchestrate', {
      request: 'Fail.',
      workspace: sandbox.repository,
      tasks: [{ id: 'bad', prompt: `Fail. ${bash('echo x > x.txt')}${says('done')}`, verify: 'false' }],
    });
    await server.end(job_id);
    await server.close();
    const kept = path.join(sandbox.root, 'worktrees', job_id, 'lane-0');
    expect((await run(sandbox, 'clean')).stdout).toContain(kept);
    expect(existsSync(kept)).toBe(true);
    await run(sandbox, 'clean', '--yes');
    expect(existsSync(kept)).toBe(false);
    expect(sandbox.git('worktree', 'list')).not.toContain(kept);
    // The commit of the failed work is still on its branch.
    expect(sandbox.git('branch', '--list', `orchestrator/tasks/${job_id}/*`)).toContain('bad');
  });
});
