import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { PROGRAM } from './contest/server.ts';
import { type BenchOptions, type BenchResult, median, round } from './measure/figure.ts';

/**
 * Bench (d): how long a client waits for a server that it has just started. From the start of the process to the
 * answer, by plain lines, so that no client library's time is in it; `node -e 0` beside it is what Node alone takes.
 */
const RUNS = 20;
const BYTES_PER_TOKEN = 4;

const answerSchema = z.looseObject({ id: z.number(), result: z.unknown() });

const request = (id: number, method: string, params: Readonly<Record<string, unknown>>): string =>
  `${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`;

const INITIALIZE = request(1, 'initialize', {
  protocolVersion: '2025-06-18',
  capabilities: {},
  clientInfo: { name: 'bench', version: '1.0.0' },
});
const INITIALIZED = `${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n`;
const LIST = request(2, 'tools/list', {});

const ended = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
};

/** How long `node -e 0` takes, milliseconds: what Node alone costs here and now. */
export const bareNode = async (signal: AbortSignal): Promise<number> => {
  const started = performance.now();
  const child = spawn(process.execPath, ['-e', '0'], { stdio: 'ignore', signal });
  // An abort is an end like others here.
  child.on('error', () => {});
  await ended(child);
  signal.throwIfAborted();
  return performance.now() - started;
};

type Start = { readonly initializeMs: number; readonly listMs: number; readonly listBytes: number };

const coldServer = async (signal: AbortSignal): Promise<Start> => {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'orchestrator-bench-')));
  await mkdir(join(root, 'home'));
  const started = performance.now();
  const child = spawn(process.execPath, [PROGRAM, 'mcp', '--in-process'], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      HOME: join(root, 'home'),
      ORCHESTRATOR_STATE_DIR: join(root, 'state'),
      ORCHESTRATOR_WORKTREES_DIR: join(root, 'worktrees'),
      ORCHESTRATOR_ALLOWED_ROOTS: root,
    },
    stdio: ['pipe', 'pipe', 'ignore'],
    signal,
  });
  try {
    child.stdin.write(INITIALIZE);
    let initializeMs = 0;
    for await (const line of createInterface(child.stdout)) {
      const answer = answerSchema.safeParse(JSON.parse(line));
      if (!answer.success) continue;
      if (answer.data.id === 1) {
        initializeMs = performance.now() - started;
        child.stdin.write(INITIALIZED + LIST);
      } else {
        const listBytes = Buffer.byteLength(JSON.stringify(answer.data.result));
        return { initializeMs, listMs: performance.now() - started, listBytes };
      }
    }
    throw new Error('The server ended before it had listed its tools.');
  } finally {
    child.stdin.end();
    await ended(child);
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  }
};

export const coldStartBench = async (o: BenchOptions): Promise<BenchResult> => {
  const rounds: (Start & { readonly nodeMs: number })[] = [];
  for (let run = 0; run < RUNS; run++) {
    const nodeMs = await bareNode(o.signal);
    rounds.push({ nodeMs, ...(await coldServer(o.signal)) });
  }
  const middle = (value: (each: (typeof rounds)[number]) => number): number =>
    Math.round(median(rounds.map(value)));
  const nodeMs = middle((each) => each.nodeMs);
  const bytes = middle((each) => each.listBytes);
  o.say(`d  ${RUNS} cold starts, node alone ${nodeMs} ms`);
  return {
    figures: [
      {
        bench: 'd',
        name: 'cold start to initialize',
        value: middle((each) => each.initializeMs),
        unit: 'ms',
        // Whichever is more: on a slow machine Node alone takes a good part of 200 ms.
        bar: { atMost: Math.max(200, 4 * nodeMs) },
        note: `node -e 0: ${nodeMs} ms, ratio ${round(middle((each) => each.initializeMs) / nodeMs)}`,
      },
      { bench: 'd', name: 'cold start to tools/list', value: middle((each) => each.listMs), unit: 'ms' },
      {
        bench: 'd',
        name: 'tools/list',
        value: Math.round(bytes / BYTES_PER_TOKEN),
        unit: 'tokens',
        bar: { atMost: 3600 },
        note: `${bytes} bytes ÷ ${BYTES_PER_TOKEN}`,
      },
    ],
    runs: rounds.map((each) => ({ bench: 'd', ...each })),
  };
};
