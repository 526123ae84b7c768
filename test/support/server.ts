import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { Client as ModernClient } from '@modelcontextprotocol/client';
import { StdioClientTransport as ModernStdio } from '@modelcontextprotocol/client/stdio';
import { Client as ClassicClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as ClassicStdio } from '@modelcontextprotocol/sdk/client/stdio.js';
import { onTestFinished } from 'vitest';
import { type JobAnswer, jobAnswerSchema } from '../../src/presentation/wire/job.ts';
import type { Sandbox } from './sandbox.ts';

export const PROGRAM = path.resolve(import.meta.dirname, '../../dist/main.js');
const CALL_TIMEOUT_MS = 60_000;

export type Progress = {
  readonly progress: number;
  readonly total?: number | undefined;
  readonly message?: string | undefined;
};
export type Answer = { readonly isError: boolean; readonly text: string; readonly structured: unknown };

/** A server process with a real client of either era connected to it. */
export type ServerUnderTest = {
  readonly pid: number;
  stderr(): string;
  call(
    name: string,
    args: Record<string, unknown>,
    onProgress?: (progress: Progress) => void,
  ): Promise<Answer>;
  /** Calls a tool whose answer is a job. */
  job(
    name: string,
    args: Record<string, unknown>,
    onProgress?: (progress: Progress) => void,
  ): Promise<JobAnswer>;
  /** Waits for a job's end or attention. */
  end(jobId: string, onProgress?: (progress: Progress) => void): Promise<JobAnswer>;
  readResource(uri: string): Promise<string>;
  toolNames(): Promise<readonly string[]>;
  resourceNames(): Promise<readonly string[]>;
  close(): Promise<void>;
};

type Era = 'classic' | 'modern';

export const startServer = async (
  sandbox: Sandbox,
  o: {
    readonly era?: Era;
    readonly env?: Record<string, string>;
    readonly args?: readonly string[];
  } = {},
): Promise<ServerUnderTest> => {
  const launch = {
    command: process.execPath,
    args: [PROGRAM, ...(o.args ?? ['mcp', '--in-process'])],
    cwd: sandbox.root,
    env: { ...sandbox.env, ...o.env },
    stderr: 'pipe' as const,
  };
  const info = { name: 'test', version: '1.0.0' };
  let log = '';
  const keep = (stream: { on(event: 'data', listener: (chunk: Buffer) => void): unknown } | null): void =>
    void stream?.on('data', (chunk) => {
      log += chunk.toString();
    });
  const open = async () => {
    if (o.era === 'classic') {
      const transport = new ClassicStdio(launch);
      keep(transport.stderr as never);
      const client = new ClassicClient(info);
      await client.connect(transport);
      return { transport, client };
    }
    const transport = new ModernStdio(launch);
    keep(transport.stderr as never);
    const client = new ModernClient(info);
    await client.connect(transport);
    return { transport, client };
  };
  const { transport, client } = await open();
  const pid = transport.pid ?? 0;
  onTestFinished(() => client.close());

  const call: ServerUnderTest['call'] = async (name, args, onProgress) => {
    const options = {
      timeout: CALL_TIMEOUT_MS,
      resetTimeoutOnProgress: true,
      ...(onProgress === undefined ? {} : { onprogress: onProgress }),
    };
    const result =
      client instanceof ClassicClient
        ? await client.callTool({ name, arguments: args }, undefined, options)
        : await client.callTool({ name, arguments: args }, options);
    const content = Array.isArray(result.content) ? result.content : [];
    return {
      isError: result.isError === true,
      text: content
        .map((part: { type: string; text?: string }) => (part.type === 'text' ? part.text : ''))
        .join('\n'),
      structured: result.structuredContent,
    };
  };
  const job: ServerUnderTest['job'] = async (name, args, onProgress) => {
    const answer = await call(name, args, onProgress);
    if (answer.isError) throw new Error(`${name}: ${answer.text}`);
    return jobAnswerSchema.parse(answer.structured);
  };
  return {
    pid,
    stderr: () => log,
    call,
    job,
    async end(jobId, onProgress) {
      for (;;) {
        const answer = await job('job_wait', { job_id: jobId, wait_seconds: 45 }, onProgress);
        if (['succeeded', 'failed', 'cancelled'].includes(answer.status) || answer.attention !== undefined)
          return answer;
      }
    },
    async readResource(uri) {
      const { contents } = await client.readResource({ uri });
      return contents.map((part) => ('text' in part ? part.text : '')).join('');
    },
    async resourceNames() {
      return (await client.listResources()).resources.map(({ name }) => name);
    },
    async toolNames() {
      return (await client.listTools()).tools.map(({ name }) => name);
    },
    close: () => client.close(),
  };
};

/** The program with plain pipes, for what no client library would send. */
export const startRaw = (
  sandbox: Sandbox,
  args: readonly string[] = ['mcp', '--in-process'],
): ChildProcess & { exited: Promise<number | null> } => {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: sandbox.root,
    env: sandbox.env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return Object.assign(child, { exited });
};
