import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { z } from 'zod';
import { type BenchOptions, type BenchResult, type Figure, median } from './measure/figure.ts';

/**
 * Bench (c): scheduler and store without workers, by store.ts in a process of its own, so that its memory is nobody else's.
 * The runs with 32 tasks in flight and with one take turns.
 */
const STORE = fileURLToPath(new URL('store.ts', import.meta.url));
const MOST_RUNS = 5;
const TIMEOUT_MS = 120_000;

const runSchema = z.object({
  tasks: z.number(),
  in_flight: z.number(),
  tasks_per_second: z.number(),
  bar: z.number(),
  cpu_us_per_task: z.number(),
  disk_syncs_per_second: z.number(),
  rss_queued_mb: z.number(),
  rss_peak_mb: z.number(),
});
type StoreRun = z.infer<typeof runSchema>;

const runStore = async (signal: AbortSignal): Promise<readonly StoreRun[]> => {
  const { stdout } = await execa(process.execPath, [STORE], { cancelSignal: signal, timeout: TIMEOUT_MS });
  return stdout.split('\n').map((line) => runSchema.parse(JSON.parse(line)));
};

const speed = (runs: readonly StoreRun[]): Figure => {
  const middle = (value: (run: StoreRun) => number): number => Math.round(median(runs.map(value)));
  const [first] = runs;
  return {
    bench: 'c',
    name: `durable no-op tasks, ${first?.in_flight ?? 0} in flight`,
    value: middle((run) => run.tasks_per_second),
    unit: 'tasks/s',
    bar: { atLeast: first?.bar ?? 0 },
    note: `${first?.tasks ?? 0} tasks; CPU ${middle((run) => run.cpu_us_per_task)} µs each; the disk alone: ${middle((run) => run.disk_syncs_per_second)} syncs/s`,
  };
};

export const storeBench = async (o: BenchOptions): Promise<BenchResult> => {
  const runs: StoreRun[] = [];
  for (let at = 0; at < Math.min(o.pairs, MOST_RUNS); at++) {
    runs.push(...(await runStore(o.signal)));
    o.say(
      `c  ${at + 1}  ${runs
        .slice(-2)
        .map((run) => `${run.tasks_per_second}/s at ${run.in_flight}`)
        .join(', ')}`,
    );
  }
  const byFlight = Map.groupBy(runs, (run) => run.in_flight);
  return {
    figures: [
      ...[...byFlight.values()].map(speed),
      {
        bench: 'c',
        name: 'RSS with 10,000 queued',
        // Of the first run of each process alone: the second has the first one's heap beside its own.
        value: median(runs.filter((_, at) => at % 2 === 0).map((run) => run.rss_queued_mb)),
        unit: 'MB',
        bar: { atMost: 150 },
        note: `at the most while they ran: ${Math.max(...runs.map((run) => run.rss_peak_mb))} MB`,
      },
    ],
    runs: runs.map((run) => ({ bench: 'c', ...run })),
  };
};
