import { z } from 'zod';
import { bareNode } from './coldStart.ts';
import type { Ground } from './contest/contender.ts';
import { eventually } from './faces/eventually.ts';
import { endFrontServer } from './faces/frontServer.ts';
import { openGround } from './faces/ground.ts';
import { initialize, type LineClient, startLineClient } from './faces/lineClient.ts';
import { longJobBody } from './faces/longJob.ts';
import { type BenchOptions, type BenchResult, median, round } from './measure/figure.ts';
import { loadNow } from './measure/machine.ts';

/**
 * Bench (g): what the thin front costs. A cold one (no server yet) and a cold `--in-process` take turns: start to
 * `initialize`, and from there the first call of a tool, which for the front starts the server. Then one call after
 * the other of `job_status` of a running job by both, which take turns too.
 */
const COLD_RUNS = 20;
const CALLS = 300;
const WARM_CALLS = 50;
const FRONT = ['mcp'];
const IN_PROCESS = ['mcp', '--in-process'];

type Cold = { readonly initializeMs: number; readonly firstCallMs: number };
type ColdRun = {
  readonly nodeMs: number;
  readonly inProcess: Cold;
  readonly front: Cold;
  readonly second: Cold;
};

const coldStart = async (ground: Ground, args: readonly string[]): Promise<Cold> => {
  const started = performance.now();
  await using client = startLineClient(ground, args);
  await initialize(client);
  const initialized = performance.now();
  await client.callTool('job_list', {});
  return { initializeMs: initialized - started, firstCallMs: performance.now() - initialized };
};

const measureCold = async (signal: AbortSignal): Promise<readonly ColdRun[]> => {
  await using ground = await openGround(signal);
  const runs: ColdRun[] = [];
  try {
    for (let run = 0; run < COLD_RUNS; run++) {
      const nodeMs = await bareNode(signal);
      const inProcess = await coldStart(ground, IN_PROCESS);
      await endFrontServer(ground);
      const front = await coldStart(ground, FRONT);
      const second = await coldStart(ground, FRONT);
      await endFrontServer(ground);
      runs.push({ nodeMs, inProcess, front, second });
    }
  } finally {
    await endFrontServer(ground);
  }
  return runs;
};

const jobSchema = z.looseObject({
  job_id: z.string(),
  tasks: z.array(z.looseObject({ status: z.string() })).default([]),
});

/** Submits the job of bench (e) with a silent model. @returns what asks for it once, in milliseconds. */
const openCaller = async (client: LineClient, ground: Ground): Promise<() => Promise<number>> => {
  await initialize(client);
  const body = longJobBody(ground, 'silent');
  const { job_id } = jobSchema.parse(await client.callTool('orchestrate', body));
  await eventually(
    'workers at work',
    async () => {
      const { tasks } = jobSchema.parse(await client.callTool('job_status', { job_id }));
      return tasks.filter(({ status }) => status === 'running').length === body.max_workers || undefined;
    },
    { deadlineMs: 60_000, signal: ground.signal },
  );
  return async () => {
    const started = performance.now();
    await client.callTool('job_status', { job_id });
    return performance.now() - started;
  };
};

type Pair = { readonly front: number; readonly inProcess: number };

const measureCalls = async (signal: AbortSignal): Promise<readonly Pair[]> => {
  await using behind = await openGround(signal);
  await using beside = await openGround(signal);
  try {
    await using front = startLineClient(behind, FRONT);
    await using inProcess = startLineClient(beside, IN_PROCESS);
    const callFront = await openCaller(front, behind);
    const callInProcess = await openCaller(inProcess, beside);
    const pairs: Pair[] = [];
    for (let at = 0; at < CALLS + WARM_CALLS; at++) {
      // Whoever comes second finds a warmer machine.
      const first = at % 2 === 0 ? await callFront() : undefined;
      const other = await callInProcess();
      pairs.push({ front: first ?? (await callFront()), inProcess: other });
    }
    return pairs.slice(WARM_CALLS);
  } finally {
    await endFrontServer(behind);
  }
};

export const frontBench = async (o: BenchOptions): Promise<BenchResult> => {
  const cold = await measureCold(o.signal);
  const loadCold = loadNow();
  const calls = await measureCalls(o.signal);
  const middle = (value: (run: ColdRun) => number): number => Math.round(median(cold.map(value)));
  const nodeMs = middle((run) => run.nodeMs);
  const call = (which: keyof Pair): number => median(calls.map((pair) => pair[which]));
  const added = median(calls.map(({ front, inProcess }) => front - inProcess));
  o.say(`g  ${COLD_RUNS} cold starts at load ${loadCold}, ${CALLS} pairs of calls at load ${loadNow()}`);
  return {
    figures: [
      {
        bench: 'g',
        name: 'a call through the front takes longer by',
        value: round(added),
        unit: 'ms',
        bar: { atMost: 5 },
        note: `job_status, ${CALLS} pairs: ${round(call('front'))} ms through the front, ${round(call('inProcess'))} ms in process`,
      },
      {
        bench: 'g',
        name: 'cold front to initialize',
        value: middle(({ front }) => front.initializeMs),
        unit: 'ms',
        bar: { atMost: Math.max(200, 4 * nodeMs) },
        note: `in process ${middle(({ inProcess }) => inProcess.initializeMs)} ms, node -e 0: ${nodeMs} ms; load ${loadCold}`,
      },
      {
        bench: 'g',
        name: 'first call of a cold front, the start of the server in it',
        value: middle(({ front }) => front.firstCallMs),
        unit: 'ms',
        bar: { atMost: 2000 },
        note: `where the server runs already ${middle(({ second }) => second.firstCallMs)} ms, in process ${middle(({ inProcess }) => inProcess.firstCallMs)} ms`,
      },
    ],
    runs: [
      ...cold.map((run) => ({ bench: 'g', ...run })),
      ...calls.map((pair) => ({ bench: 'g', call: pair })),
    ],
  };
};
