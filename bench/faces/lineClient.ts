import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Ground } from '../contest/contender.ts';
import { PROGRAM, serverEnvironment } from '../contest/server.ts';

/** An MCP client by plain lines: no client library's time is in what it measures. */
export type LineClient = {
  readonly pid: number;
  /** @returns the result. @throws where the answer is an error, or the program ends. */
  request(method: string, params: Readonly<Record<string, unknown>>): Promise<unknown>;
  notify(method: string): void;
  /** Calls a tool. @returns its structured answer. @throws where it is refused, or the tool says that it failed. */
  callTool(name: string, args: Readonly<Record<string, unknown>>): Promise<unknown>;
  [Symbol.asyncDispose](): Promise<void>;
};

const answerSchema = z.looseObject({ id: z.number(), result: z.unknown(), error: z.unknown().optional() });
const toolResultSchema = z.looseObject({
  isError: z.boolean().optional(),
  content: z.unknown(),
  structuredContent: z.unknown(),
});

const INITIALIZE = {
  protocolVersion: '2025-06-18',
  capabilities: {},
  clientInfo: { name: 'bench', version: '1.0.0' },
};

type Waiting = { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void };

const listen = (child: ChildProcessWithoutNullStreams, waiting: Map<number, Waiting>): void => {
  createInterface(child.stdout).on('line', (line) => {
    const { data } = answerSchema.safeParse(JSON.parse(line));
    const asked = data && waiting.get(data.id);
    if (data === undefined || asked === undefined) return;
    waiting.delete(data.id);
    if (data.error === undefined) asked.resolve(data.result);
    else asked.reject(new Error(JSON.stringify(data.error).slice(0, 500)));
  });
  child.once('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error('The program has ended.'));
  });
};

/** Starts the built program with `args` in a ground. Nothing is sent before the first request. */
export const startLineClient = (ground: Ground, args: readonly string[]): LineClient => {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: ground.root,
    env: serverEnvironment(ground),
    stdio: 'pipe',
    signal: ground.signal,
  });
  // An abort is an end like others here.
  child.on('error', () => {});
  child.stderr.resume();
  const exited = once(child, 'exit');
  const waiting = new Map<number, Waiting>();
  listen(child, waiting);
  let id = 0;
  const request: LineClient['request'] = (method, params) => {
    id += 1;
    const answered = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    return answered;
  };
  return {
    pid: child.pid ?? 0,
    request,
    notify: (method) => void child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', method })}\n`),
    callTool: async (name, args) => {
      const { isError, content, structuredContent } = toolResultSchema.parse(
        await request('tools/call', { name, arguments: args }),
      );
      if (isError === true) throw new Error(`${name} failed: ${JSON.stringify(content).slice(0, 500)}`);
      return structuredContent;
    },
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      if (child.exitCode === null && child.signalCode === null) await exited;
    },
  };
};

/** The first exchange of every client. */
export const initialize = async (client: LineClient): Promise<void> => {
  await client.request('initialize', INITIALIZE);
  client.notify('notifications/initialized');
};
