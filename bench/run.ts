#!/usr/bin/env node
import { setMaxListeners } from 'node:events';
/**
 * The benchmarks: npm run bench -- [a] … [h] [--pairs N] [--json FILE]
 *
 *   a  sixteen prompts by `xargs -P 4 claude -p`, by sub-agents of one session, and by us
 *   b  a graph of 24 tasks with a long tail, against a runner that waits at every level
 *   c  scheduler and store without workers
 *   d  a cold server's `initialize` and `tools/list`
 *   e  the API under 100 clients while a job runs
 *   f  event streams that nobody reads
 *   g  what the stdio front costs
 *   h  the dashboard in a browser
 *
 * All by default. Real `claude` processes against a scripted model on 127.0.0.1: no login, no network, no cost.
 * docs/benchmarks.md says what each number means.
 */
import { access, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { apiBench } from './api.ts';
import { coldStartBench } from './coldStart.ts';
import { PROGRAM } from './contest/server.ts';
import { dashboardBench } from './dashboard.ts';
import { storeBench } from './durableStore.ts';
import { frontBench } from './front.ts';
import { graphBench } from './graph.ts';
import { type BenchOptions, type BenchResult, held } from './measure/figure.ts';
import { loadNow, machineLine, thisMachine } from './measure/machine.ts';
import { tableOf } from './measure/table.ts';
import { streamsBench } from './streams.ts';
import { xargsBench } from './xargs.ts';

const BENCHES: ReadonlyMap<string, (o: BenchOptions) => Promise<BenchResult>> = new Map([
  ['a', xargsBench],
  ['b', graphBench],
  ['c', storeBench],
  ['d', coldStartBench],
  ['e', apiBench],
  ['f', streamsBench],
  ['g', frontBench],
  ['h', dashboardBench],
]);
const DEFAULT_PAIRS = 10;
const USAGE = 'Usage: npm run bench -- [a] … [h] [--pairs N] [--json FILE]';

const readOptions = () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { pairs: { type: 'string' }, json: { type: 'string' } },
  });
  const letters = z.array(z.enum([...BENCHES.keys()])).parse(positionals);
  return {
    letters: letters.length === 0 ? [...BENCHES.keys()] : letters,
    pairs: z.coerce.number().int().min(1).max(100).default(DEFAULT_PAIRS).parse(values.pairs),
    json: values.json,
  };
};

const measure = async (
  { letters, pairs, json }: ReturnType<typeof readOptions>,
  signal: AbortSignal,
): Promise<void> => {
  await access(PROGRAM).catch(() => {
    throw new Error('The server is not built: run `npm run build` first.');
  });
  const machine = await thisMachine();
  console.log(machineLine(machine));
  const results: BenchResult[] = [];
  for (const letter of letters) {
    const bench = BENCHES.get(letter);
    if (bench !== undefined) results.push(await bench({ pairs, signal, say: (line) => console.log(line) }));
  }
  const figures = results.flatMap((result) => result.figures);
  const loadAfter = loadNow();
  console.log(`\n${tableOf(figures)}\n\nMedians of ${pairs} pairs; load ${loadAfter} at the end.`);
  const report = {
    measured_at: new Date().toISOString(),
    command: ['npm', 'run', 'bench', '--', ...letters, '--pairs', String(pairs)].join(' '),
    machine,
    load_after: loadAfter,
    figures: figures.map((figure) => ({ ...figure, held: held(figure) })),
    runs: results.flatMap((result) => result.runs),
  };
  if (json === undefined) console.log(JSON.stringify(report.figures));
  else await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
};

const stop = new AbortController();
// Every run of every bench listens on this one signal.
setMaxListeners(0, stop.signal);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

try {
  await measure(readOptions(), stop.signal);
} catch (error) {
  console.error(
    error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : error,
  );
  console.error(USAGE);
  process.exitCode = 1;
}
