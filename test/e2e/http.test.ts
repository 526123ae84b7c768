import { existsSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import path from 'node:path';
import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernHttp,
} from '@modelcontextprotocol/client';
import { Client as ClassicClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as ClassicHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createClient } from '../../src/presentation/client/client.ts';
import { endOf, recordOf, serverRecord, startFront } from '../support/localServer.ts';
import { eventually } from '../support/processes.ts';
import { bash, makeSandbox, type Sandbox, says } from '../support/sandbox.ts';
import { startRaw } from '../support/server.ts';

const startHttp = async (sandbox: Sandbox, env: Record<string, string> = {}) => {
  const server = startRaw({ ...sandbox, env: { ...sandbox.env, ...env } }, ['serve']);
  const record = await eventually('the record', () => serverRecord(sandbox));
  return { server, ...record };
};

const small = (sandbox: Sandbox, name: string) => ({
  request: `Write ${name}.`,
  workspace: sandbox.repository,
  tasks: [{ id: name, prompt: `Write it. ${bash(`echo ${name} > ${name}.txt`)}${says('done')}` }],
});

describe('MCP over HTTP on the built program', () => {
  it('serves clients of both eras, with progress', async () => {
    const sandbox = await makeSandbox();
    const { url, token } = await startHttp(sandbox);
    const requestInit = { headers: { authorization: `Bearer ${token}` } };
    const info = { name: 'test', version: '1.0.0' };
    const modern = new ModernClient(info);
    await modern.connect(new ModernHttp(new URL(`${url}/mcp`), { requestInit }));
    const classic = new ClassicClient(info);
    await classic.connect(new ClassicHttp(new URL(`${url}/mcp`), { requestInit }));
    onTestFinished(async () => {
      await modern.close();
      await classic.close();
    });
    for (const [name, call] of [
      [
        'modern',
        (args: Record<string, unknown>, onprogress: (p: { message?: string | undefined }) => void) =>
          modern.callTool({ name: 'orchestrate', arguments: args }, { onprogress, timeout: 60_000 }),
      ],
      [
        'classic',
        (args: Record<string, unknown>, onprogress: (p: { message?: string | undefined }) => void) =>
          classic.callTool({ name: 'orchestrate', arguments: args }, undefined, {
            onprogress,
            timeout: 60_000,
          }),
      ],
    ] as const) {
      const told: string[] = [];
      const answer = await call({ ...small(sandbox, name), wait_seconds: 40 }, ({ message }) =>
        told.push(message ?? ''),
      );
      expect(answer.structuredContent).toMatchObject({ status: 'succeeded' });
      expect(told.length, name).toBeGreaterThan(1);
    }
  });
});

describe('a server among others', () => {
  it('gives a job without a gap to a reader that was cut off by a restart of the server', async () => {
    const sandbox = await makeSandbox();
    const first = await startHttp(sandbox);
    const port = new URL(first.url).port;
    const client = createClient({ url: first.url, apiKey: first.token });
    const { job_id } = await client.submit({
      request: 'Wait, then write.',
      workspace: sandbox.repository,
      tasks: [
        {
          id: 'wait',
          prompt: `Wait. ${bash(`touch ${sandbox.root}/working; while [ ! -e ${sandbox.root}/go ]; do sleep 0.1; done; echo x > x.txt`)}${says('x')}`,
        },
      ],
    });
    await eventually('the worker at work', () => existsSync(path.join(sandbox.root, 'working')));
    const before = await client.events(job_id, 0, 1000);
    process.kill(first.pid, 'SIGKILL');
    await endOf(first.pid);
    writeFileSync(path.join(sandbox.root, 'go'), '');
    startRaw(sandbox, ['serve']);
    const second = await eventually('the next record', () => {
      const record = serverRecord(sandbox);
      return record !== undefined && record.pid !== first.pid && record;
    });
    expect(new URL(second.url).port).toBe(port);
    const again = createClient({ url: second.url, apiKey: second.token });
    const seen: number[] = before.events.map(({ seq }) => seq);
    const ended = new AbortController();
    await again.jobEvents(job_id, {
      after: seen.at(-1) ?? 0,
      signal: ended.signal,
      onEvent: ({ seq, type, to }) => {
        seen.push(seq);
        if (type === 'job.status' && to === 'succeeded') ended.abort();
      },
    });
    expect(seen).toEqual(seen.map((_, at) => at + 1));
    expect((await again.status(job_id)).status).toBe('succeeded');
  });

  it('P13: a stopped front and 200 readers that never read slow nobody', async () => {
    const sandbox = await makeSandbox();
    const front = await startFront(sandbox);
    await front.call('job_list', {});
    const { url, token, pid } = recordOf(sandbox);
    const client = createClient({ url, apiKey: token });
    const { job_id } = await client.submit(small(sandbox, 'one'));
    await eventually('the end of the job', async () => (await client.status(job_id)).status === 'succeeded');
    const median = async (): Promise<number> => {
      const times: number[] = [];
      for (let round = 0; round < 300; round++) {
        const started = performance.now();
        await client.status(job_id);
        times.push(performance.now() - started);
      }
      return times.sort((a, b) => a - b)[150] ?? 0;
    };
    await median();
    const alone = await median();
    process.kill(front.pid, 'SIGSTOP');
    const { port, hostname } = new URL(url);
    const sockets = await Promise.all(
      Array.from(
        { length: 200 },
        () =>
          new Promise<Socket>((resolve, reject) => {
            const socket = connect(Number(port), hostname, () => {
              socket.write(
                `GET /api/v1/jobs/${job_id}/events HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAccept: text/event-stream\r\nAuthorization: Bearer ${token}\r\n\r\n`,
              );
              socket.pause();
              resolve(socket);
            });
            socket.on('error', reject);
          }),
      ),
    );
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      process.kill(front.pid, 'SIGCONT');
    });
    const more = await client.submit(small(sandbox, 'two'));
    await eventually(
      'the end of the second job',
      async () => (await client.status(more.job_id)).status === 'succeeded',
    );
    // Two milliseconds are the noise of a busy machine, not what the readers cost.
    expect(await median()).toBeLessThan(2 * alone + 2);
    expect(serverRecord(sandbox)?.pid).toBe(pid);
  });

  it('a port that another has by now is passed over, and the server says its new address', async () => {
    const sandbox = await makeSandbox();
    const first = await startHttp(sandbox);
    first.server.kill('SIGTERM');
    await first.server.exited;
    const squatter = createServer();
    await new Promise<void>((resolve) =>
      squatter.listen(Number(new URL(first.url).port), '127.0.0.1', resolve),
    );
    onTestFinished(() => void squatter.close());
    const second = await startHttp(sandbox);
    expect(second.url).not.toBe(first.url);
    expect((await fetch(`${second.url}/health/ready`)).status).toBe(200);
  });
});

describe('what a stranger gets', () => {
  it('no answer under a foreign name, from a foreign page, or without a credential', async () => {
    const sandbox = await makeSandbox();
    const { url, token } = await startHttp(sandbox);
    const { port } = new URL(url);
    const raw = (lines: readonly string[]): Promise<string> =>
      new Promise((resolve, reject) => {
        let answer = '';
        const socket = connect(Number(port), '127.0.0.1', () =>
          socket.write(`${lines.join('\r\n')}\r\n\r\n`),
        );
        socket.on('data', (chunk) => {
          answer += String(chunk);
        });
        socket.on('close', () => resolve(answer));
        socket.on('error', reject);
      });
    const get = (extra: readonly string[], host = `127.0.0.1:${port}`) =>
      raw(['GET /api/v1/jobs HTTP/1.1', `Host: ${host}`, 'Connection: close', ...extra]);
    const key = `X-API-Key: ${token}`;
    expect(await get([key])).toMatch(/^HTTP\/1.1 200/);
    expect(await get([key], 'evil.example')).toMatch(/^HTTP\/1.1 421/);
    expect(await get([key], `127.0.0.1.nip.io:${port}`)).toMatch(/^HTTP\/1.1 421/);
    expect(await get([key, 'Origin: http://evil.example'])).toMatch(/^HTTP\/1.1 403/);
    expect(await get([])).toMatch(/^HTTP\/1.1 401[\s\S]*WWW-Authenticate/i);
    expect(await get([key, 'Authorization: Bearer other'])).toMatch(/^HTTP\/1.1 400/);
    // Nothing of this machine in what it says, and no stack.
    for (const answer of [await get([]), await get([key], 'evil.example')])
      expect(answer).not.toMatch(new RegExp(`${sandbox.root}|node_modules| at .*:\\d+:\\d+`));
    const page = await fetch(url);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect((await fetch(`${url}/api/docs`)).status).toBe(200);
    expect((await (await fetch(`${url}/api/v1/openapi.json`)).json()).openapi).toBe('3.1.0');
  });
});
