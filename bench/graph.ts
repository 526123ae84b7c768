import { type Contender, compete, WORKERS } from './contest/contender.ts';
import { withServer } from './contest/server.ts';
import { type Costs, chain, lowerBound } from './graph/bound.ts';
import { makeGraph, type Node, toTasks, withBarriers } from './graph/graph.ts';
import { type BenchOptions, type BenchResult, median, round } from './measure/figure.ts';

/**
 * Bench (b): a graph of 24 tasks with a long tail, by us, and by the same server told to wait at every level
 * (each task depends on all of the level before). Wall time is the client's: from `orchestrate` to the end of
 * the job, on a server that is up.
 */
const CHAIN = 9;

/** Runs a graph once. @returns wall seconds of the job. */
const runGraph = async (graph: readonly Node[], lanes: number, signal: AbortSignal): Promise<number> => {
  let seconds = 0;
  const contender: Contender = {
    name: 'graph',
    async run(ground) {
      const { usage, value } = await withServer(ground, async ({ runJob }) => {
        const started = performance.now();
        const answer = await runJob({
          request: 'Write all files.',
          tasks: toTasks(graph),
          max_workers: lanes,
        });
        seconds = (performance.now() - started) / 1000;
        return answer;
      });
      return { usage, refs: value.branch == null ? [] : [value.branch] };
    },
  };
  const files = graph.map(({ id }) => ({ id, path: `${id}.txt`, prompt: '' }));
  const { finished } = await compete(contender, { assignments: files, latencyMs: 0, signal });
  if (finished !== graph.length)
    throw new Error(`${finished} of ${graph.length} files are on the job's branch.`);
  return seconds;
};

/** Constant costs from chains in one lane with a model that answers at once: one task, and nine. */
const measureCosts = async (signal: AbortSignal): Promise<Costs> => {
  const one = await runGraph(chain(1), 1, signal);
  const many = await runGraph(chain(CHAIN), 1, signal);
  const task = Math.max(0, (many - one) / (CHAIN - 1));
  return { task, job: Math.max(0, one - task) };
};

export const graphBench = async (o: BenchOptions): Promise<BenchResult> => {
  const rounds: { graph: number; barrier: number; bound: number; costs: Costs }[] = [];
  for (let pair = 0; pair < o.pairs; pair++) {
    const nodes = makeGraph(pair + 1);
    const costs = await measureCosts(o.signal);
    const graph = await runGraph(nodes, WORKERS, o.signal);
    const barrier = await runGraph(withBarriers(nodes), WORKERS, o.signal);
    const bound = lowerBound(nodes, WORKERS, costs);
    rounds.push({ graph, barrier, bound, costs });
    o.say(
      `b  ${pair + 1}/${o.pairs}  graph ${graph.toFixed(1)} s, by levels ${barrier.toFixed(1)} s, ` +
        `bound ${bound.toFixed(1)} s (job ${costs.job.toFixed(2)} s, task ${costs.task.toFixed(2)} s)`,
    );
  }
  const middle = (value: (each: (typeof rounds)[number]) => number): number => median(rounds.map(value));
  return {
    figures: [
      {
        bench: 'b',
        name: '24 tasks: wall, ours ÷ by levels',
        value: round(middle((each) => each.graph / each.barrier)),
        unit: '',
        bar: { atMost: 0.8 },
        note: `s: ${middle((each) => each.graph).toFixed(1)} against ${middle((each) => each.barrier).toFixed(1)}`,
      },
      {
        bench: 'b',
        name: '24 tasks: wall, ours ÷ bound',
        value: round(middle((each) => each.graph / each.bound)),
        unit: '',
        bar: { atMost: 1.1 },
        note: `bound ${middle((each) => each.bound).toFixed(1)} s; a job costs ${middle((each) => each.costs.job).toFixed(2)} s, a task ${middle((each) => each.costs.task).toFixed(2)} s`,
      },
    ],
    runs: rounds.map((each, pair) => ({ bench: 'b', seed: pair + 1, ...each })),
  };
};
