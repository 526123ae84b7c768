import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

export const FIXTURE_SERVER = fileURLToPath(new URL('fixtureServer.ts', import.meta.url));

const messageSchema = z.looseObject({
  id: z.union([z.string(), z.number(), z.null()]).optional(),
  method: z.string().optional(),
  params: z.record(z.string(), z.unknown()).optional(),
  result: z.record(z.string(), z.unknown()).optional(),
  error: z.looseObject({ code: z.number(), message: z.string() }).optional(),
});
export type RawMessage = z.infer<typeof messageSchema>;

/** How long any answer may take before a test says that there is none, milliseconds. */
const DEADLINE_MS = 20_000;

export type RawClient = {
  readonly child: ChildProcessWithoutNullStreams;
  readonly messages: readonly RawMessage[];
  /** What the server said on stderr. */
  readonly stderr: readonly string[];
  write(bytes: string | Uint8Array): Promise<void>;
  send(message: unknown): Promise<void>;
  /** The first message from `from` on that fits; waits for it. */
  expect(fits: (message: RawMessage) => boolean, from?: number): Promise<RawMessage>;
  /** Sends a request with a fresh id and waits for its answer. */
  request(method: string, params?: Record<string, unknown>): Promise<RawMessage>;
  call(tool: string, args: Record<string, unknown>): Promise<RawMessage>;
  /** Waits for a line on stderr that holds `text`. */
  stderrLine(text: string): Promise<string>;
  /** Ends the server's input and waits for its exit code. */
  end(): Promise<number | null>;
};

type Waiter<T> = { readonly fits: (item: T) => boolean; readonly resolve: (item: T) => void };

/** A list that can be waited on. */
const createStream = <T>(name: string) => {
  const items: T[] = [];
  const lastOnes = (): string => JSON.stringify(items.slice(-5)).slice(0, 2000);
  const waiters = new Set<Waiter<T>>();
  return {
    items,
    push: (item: T): void => {
      items.push(item);
      for (const waiter of waiters) if (waiter.fits(item)) waiter.resolve(item);
    },
    until: (fits: (item: T) => boolean, from = 0): Promise<T> =>
      new Promise((resolve, reject) => {
        const found = items.slice(from).find(fits);
        if (found !== undefined) return resolve(found);
        const timer = setTimeout(
          () => reject(new Error(`no such line on ${name}; the last ones: ${lastOnes()}`)),
          DEADLINE_MS,
        );
        const waiter: Waiter<T> = {
          fits,
          resolve: (item) => {
            clearTimeout(timer);
            waiters.delete(waiter);
            resolve(item);
          },
        };
        waiters.add(waiter);
      }),
  };
};

/** Starts the fixture server and speaks bytes with it. @param args `core` for the small set of tools. */
export const startRawClient = (args: readonly string[] = []): RawClient => {
  const child = spawn(process.execPath, [FIXTURE_SERVER, ...args], { stdio: 'pipe' });
  const out = createStream<RawMessage>('stdout');
  const err = createStream<string>('stderr');
  createInterface({ input: child.stdout }).on('line', (line) =>
    out.push(messageSchema.parse(JSON.parse(line))),
  );
  createInterface({ input: child.stderr }).on('line', (line) => err.push(line));
  child.stdin.on('error', () => {});
  let ids = 0;

  const client: RawClient = {
    child,
    messages: out.items,
    stderr: err.items,
    write: async (bytes) => {
      if (!child.stdin.write(bytes)) await once(child.stdin, 'drain');
    },
    send: (message) => client.write(`${JSON.stringify(message)}\n`),
    expect: (fits, from) => out.until(fits, from),
    request: async (method, params) => {
      ids += 1;
      const id = `raw-${ids}`;
      await client.send({ jsonrpc: '2.0', id, method, ...(params === undefined ? {} : { params }) });
      return client.expect((message) => message.id === id);
    },
    call: (tool, args) => client.request('tools/call', { name: tool, arguments: args }),
    stderrLine: (text) => err.until((line) => line.includes(text)),
    end: async () => {
      const exit = once(child, 'exit');
      child.stdin.end();
      await exit;
      return child.exitCode;
    },
  };
  return client;
};

/** The worker of `t1` waits for a person who is asked about `command`. */
export const askAbout = (client: RawClient, job_id: string, command: string): Promise<RawMessage> =>
  client.call('job_steer', { job_id, task_id: 't1', action: 'message', message: `ask ${command}` });

const startedSchema = z.looseObject({ structuredContent: z.looseObject({ job_id: z.string() }) });

/** Starts a job of one task, `t1`, that moves only when it is told to. */
export const startJob = async (client: RawClient): Promise<string> => {
  const { result } = await client.call('orchestrate', { request: 'x', workspace: '/w' });
  return startedSchema.parse(result).structuredContent.job_id;
};

/** The same, after the 2025 handshake. */
export const startInitialized = async (
  args: readonly string[] = [],
  capabilities: Readonly<Record<string, unknown>> = {},
): Promise<RawClient> => {
  const client = startRawClient(args);
  await client.request('initialize', {
    protocolVersion: '2025-11-25',
    capabilities,
    clientInfo: { name: 'raw', version: '0' },
  });
  await client.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  return client;
};
