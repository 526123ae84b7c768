import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Ground } from './contest/contender.ts';
import { openGround } from './faces/ground.ts';
import { initialize, startLineClient } from './faces/lineClient.ts';
import { generate, type Load } from './faces/load/generate.ts';
import { type LocalServer, startLocalServer } from './faces/localServer.ts';
import { type LongJob, startLongJob } from './faces/longJob.ts';
import { type BenchOptions, type BenchResult, median, round } from './measure/figure.ts';
import { loadNow } from './measure/machine.ts';
import { residentMbOf } from './measure/process.ts';
import { socketsOf } from './measure/sockets.ts';

/**
 * Bench (f): 200 event streams whose readers never read, in a process that is stopped, and a stdio front that is
 * stopped in the middle of `job_wait`, beside clients that ask as before. Meanwhile the job says three things a
 * second, as jobs on four workers do; then as much as goes (2 kB each), until the server has dropped them all.
 */
const MOST_ROUNDS = 5;
const DEAF = 200;
const SECONDS = 5;
/** Requests of the others a second, and messages a second meanwhile. */
const RATE = 200;
const MESSAGES = 3;
const ORDINARY = 'x'.repeat(200);
const LONG = 'x'.repeat(2000);
/** Messages until all are dropped, at the most: 10 MB for each stream. */
const MOST_MESSAGES = 5000;
const WARM_MESSAGES = 800;
const AT_ONCE = 8;
const PROGRAM = fileURLToPath(new URL('faces/deafClients.ts', import.meta.url));

type Round = {
  readonly before: Load;
  readonly beside: Load;
  readonly rssBefore: number;
  readonly rssOpen: number;
  readonly rssMost: number;
  readonly rssAfter: number;
  readonly kernelMost: number;
  readonly messages: number;
  readonly left: number;
  readonly load: number;
};

/** 200 streams of a stopped process; disposing ends it. */
const openDeafClients = async (server: LocalServer, job: string, signal: AbortSignal) => {
  // What has happened so far is not asked for: a number that the job has not reached is its last one.
  const path = `/api/v1/jobs/${job}/events?after=999999999`;
  const order = { url: server.url, token: server.token, path, count: DEAF };
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const said: unknown[] = await Promise.race([
    once(createInterface(child.stdout), 'line', { signal }),
    exited.then(() => Promise.reject(new Error('The deaf clients could not connect.'))),
  ]);
  child.kill('SIGSTOP');
  return {
    ports: z.array(z.number()).parse(JSON.parse(String(said[0]))),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
};

/** A front with a stream to the server, stopped; disposing lets it go on and end. */
const openStoppedFront = async (ground: Ground, job: string) => {
  const front = startLineClient(ground, ['mcp']);
  await initialize(front);
  await front.callTool('job_status', { job_id: job });
  const waiting = front.callTool('job_wait', { job_id: job, wait_seconds: 45 }).catch(() => undefined);
  await front.callTool('job_status', { job_id: job });
  process.kill(front.pid, 'SIGSTOP');
  return {
    [Symbol.asyncDispose]: async () => {
      process.kill(front.pid, 'SIGCONT');
      await front[Symbol.asyncDispose]();
      await waiting;
    },
  };
};

const say = async ({ client }: LocalServer, { id, task }: LongJob, message: string): Promise<void> => {
  await client.steer({ job_id: id, action: 'message', task_id: task, message });
};

const sayMuch = async (server: LocalServer, job: LongJob): Promise<void> => {
  await Promise.all(Array.from({ length: AT_ONCE }, () => say(server, job, LONG)));
};

/** What others see while the job says a little. */
const measureOthers = async (server: LocalServer, job: LongJob, signal: AbortSignal): Promise<Load> => {
  const measured = generate('paced', server, `/api/v1/jobs/${job.id}`, {
    seconds: SECONDS,
    rate: RATE,
    signal,
  });
  for (let at = 0; at < SECONDS * MESSAGES; at++) {
    await say(server, job, ORDINARY);
    await delay(1000 / MESSAGES, undefined, { signal });
  }
  return measured;
};

const measureRound = async (signal: AbortSignal): Promise<Round> => {
  await using ground = await openGround(signal);
  await using server = await startLocalServer(ground);
  const { pid } = server;
  const port = Number(new URL(server.url).port);
  const job = await startLongJob(ground, server, 'silent');
  const path = `/api/v1/jobs/${job.id}`;
  await generate('paced', server, path, { seconds: 2, rate: RATE, signal });
  // The heap grows with the first of them whether anybody listens or not.
  for (let at = 0; at < WARM_MESSAGES; at += AT_ONCE) await sayMuch(server, job);
  const before = await measureOthers(server, job, signal);
  const rssBefore = residentMbOf(pid);
  await using _front = await openStoppedFront(ground, job.id);
  await using deaf = await openDeafClients(server, job.id, signal);
  const rssOpen = residentMbOf(pid);
  const beside = await measureOthers(server, job, signal);
  let rssMost = 0;
  let kernelMost = 0;
  let messages = 0;
  let left = DEAF;
  while (left > 0 && messages < MOST_MESSAGES) {
    await sayMuch(server, job);
    messages += AT_ONCE;
    rssMost = Math.max(rssMost, residentMbOf(pid));
    const { open, unread } = socketsOf(port, deaf.ports);
    kernelMost = Math.max(kernelMost, unread / 1024 ** 2);
    left = open;
  }
  await server.client.cancel({ job_id: job.id });
  const rssAfter = residentMbOf(pid);
  return {
    before,
    beside,
    rssBefore,
    rssOpen,
    rssMost,
    rssAfter,
    kernelMost,
    messages,
    left,
    load: loadNow(),
  };
};

export const streamsBench = async (o: BenchOptions): Promise<BenchResult> => {
  const rounds: Round[] = [];
  const count = Math.min(o.pairs, MOST_ROUNDS);
  for (let at = 0; at < count; at++) {
    const each = await measureRound(o.signal);
    rounds.push(each);
    o.say(
      `f  ${at + 1}/${count}  p50 ${each.before.p50.toFixed(2)} → ${each.beside.p50.toFixed(2)} ms, p95 ${each.before.p95.toFixed(2)} → ${each.beside.p95.toFixed(2)} ms; ` +
        `RSS ${each.rssBefore.toFixed(0)} → ${each.rssMost.toFixed(0)} → ${each.rssAfter.toFixed(0)} MB, kernel ${each.kernelMost.toFixed(0)} MB; ${each.left} left after ${each.messages} messages`,
    );
  }
  const middle = (value: (each: Round) => number): number => median(rounds.map(value));
  const ratio = (which: 'p50' | 'p95') => ({
    bench: 'f',
    name: `others' ${which}, beside ÷ before`,
    value: round(middle(({ before, beside }) => beside[which] / before[which])),
    unit: '',
    bar: { atMost: 2 },
    note: `ms: ${middle(({ before }) => before[which]).toFixed(2)} before, ${middle(({ beside }) => beside[which]).toFixed(2)} beside, p99 ${middle(({ before }) => before.p99).toFixed(1)} → ${middle(({ beside }) => beside.p99).toFixed(1)}; load ${round(middle(({ load }) => load))}`,
  });
  return {
    figures: [
      ratio('p50'),
      ratio('p95'),
      {
        bench: 'f',
        name: 'held by the server for each that does not read, at the most',
        value: round(middle(({ rssMost, rssBefore }) => (rssMost - rssBefore) / DEAF)),
        unit: 'MB',
        bar: { atMost: 1 },
        note: `RSS, MB: ${middle(({ rssBefore }) => rssBefore).toFixed(0)} before, ${middle(({ rssOpen }) => rssOpen).toFixed(0)} when they had connected, ${middle(({ rssMost }) => rssMost).toFixed(0)} at the most; in the kernel ${round(middle(({ kernelMost }) => kernelMost / DEAF))} MB each`,
      },
      {
        bench: 'f',
        name: `of ${DEAF} still connected in the end`,
        value: Math.max(...rounds.map(({ left }) => left)),
        unit: '',
        bar: { atMost: 0 },
        note: `after ${round((middle(({ messages }) => messages) * LONG.length) / 1e6, 1)} MB of events for each`,
      },
    ],
    runs: rounds.map((each, at) => ({ bench: 'f', round: at + 1, ...each })),
  };
};
