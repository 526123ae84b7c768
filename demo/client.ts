import { createWriteStream } from 'node:fs';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import type { z } from 'zod';
import { healthAnswerSchema, type JobAnswer, jobAnswerSchema } from './answers.ts';
import { DemoFailure } from './failure.ts';

/** A call never waits longer than the server lets it; this is only for a server that does not answer at all. */
const CALL_TIMEOUT_MS = 60_000;

export type ServerLaunch = {
  /** The built program, `dist/main.js`. */
  readonly program: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Gets the server's stderr. */
  readonly logFile: string;
  /** A server runs already for this environment: the client's process only leads to it. */
  readonly shared?: boolean;
};

/** The calls that the demo makes, over a real MCP client and a real server process. */
export type Session = {
  health(): Promise<z.infer<typeof healthAnswerSchema>>;
  orchestrate(body: Readonly<Record<string, unknown>>): Promise<JobAnswer>;
  status(jobId: string): Promise<JobAnswer>;
  /** Resolves on attention, at the end, or after `waitSeconds`. */
  wait(jobId: string, waitSeconds: number, onMessage: (message: string) => void): Promise<JobAnswer>;
  result(jobId: string): Promise<JobAnswer>;
  /** Closes the server's stdin, which ends it and its workers. */
  [Symbol.asyncDispose](): Promise<void>;
};

/** Starts the server as any MCP client would, and connects to it. */
export const openSession = async (launch: ServerLaunch, signal: AbortSignal): Promise<Session> => {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [launch.program, 'mcp', ...(launch.shared === true ? [] : ['--in-process'])],
    cwd: launch.cwd,
    env: { ...launch.env },
    stderr: 'pipe',
  });
  transport.stderr?.pipe(createWriteStream(launch.logFile, { flags: 'a' }));
  const client = new Client({ name: 'claude-orchestrator-demo', version: '1.0.0' });
  await client.connect(transport, { timeout: CALL_TIMEOUT_MS, signal }).catch((cause: unknown) => {
    throw new DemoFailure('The server ended before it answered.', {
      hint: `Its log is ${launch.logFile}.`,
      cause,
    });
  });

  const call = async <T>(
    name: string,
    args: Readonly<Record<string, unknown>>,
    schema: z.ZodType<T>,
    onMessage?: (message: string) => void,
  ): Promise<T> => {
    const result = await client.callTool(
      { name, arguments: { ...args } },
      {
        signal,
        timeout: CALL_TIMEOUT_MS,
        resetTimeoutOnProgress: true,
        ...(onMessage === undefined
          ? {}
          : {
              onprogress: ({ message }: { message?: string }) => message !== undefined && onMessage(message),
            }),
      },
    );
    const text = result.content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
    if (result.isError === true) {
      throw new DemoFailure(`The server refused ${name}: ${text}`, { hint: `Its log is ${launch.logFile}.` });
    }
    const answer = schema.safeParse(result.structuredContent);
    if (answer.success) return answer.data;
    throw new DemoFailure(`The answer of ${name} is not what a client expects: ${answer.error.message}`, {
      hint: 'Build the server anew (npm run build): it may be older than this demo.',
    });
  };

  return {
    health: () => call('system_health', {}, healthAnswerSchema),
    orchestrate: (body) => call('orchestrate', body, jobAnswerSchema),
    status: (job_id) => call('job_status', { job_id }, jobAnswerSchema),
    wait: (job_id, wait_seconds, onMessage) =>
      call('job_wait', { job_id, wait_seconds }, jobAnswerSchema, onMessage),
    result: (job_id) => call('job_result', { job_id }, jobAnswerSchema),
    [Symbol.asyncDispose]: () => client.close(),
  };
};
