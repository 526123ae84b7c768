import { type Contender, compete, type Run } from './contest/contender.ts';
import { ours } from './contest/ours.ts';
import { assignments, type Delays, TAIL_MEDIAN_MS } from './contest/prompts.ts';
import { subAgents } from './contest/subAgents.ts';
import { xargsClaude } from './contest/xargsClaude.ts';
import { type BenchOptions, type BenchResult, type Figure, median, round } from './measure/figure.ts';

/**
 * Bench (a): the same sixteen independent prompts by `xargs -P 4 claude -p`, by one session with sixteen
 * sub-agents, and by us. Worktrees and commits are everyone's but the sub-agents', who share one folder; the
 * merge of all into one branch is ours alone.
 */
const PROMPTS = 16;
/** Sub-agents have a cap of their own; a job of ours does not. */
const MANY = 48;

type Setting = {
  readonly name: string;
  readonly latencyMs: number;
  /** By the number of the pair, so that every pair of the mix has other draws, and every machine the same. */
  readonly delays: (pair: number) => Delays;
  readonly wallBar?: number;
  readonly cpuBar?: number;
};

const SETTINGS: readonly Setting[] = [
  { name: '0 s', latencyMs: 0, delays: () => ({ fixedMs: 0 }), wallBar: 0.75, cpuBar: 0.65 },
  { name: '3 s', latencyMs: 3000, delays: () => ({ fixedMs: 3000 }), wallBar: 0.88, cpuBar: 0.65 },
  { name: 'long tail', latencyMs: TAIL_MEDIAN_MS, delays: (pair) => ({ seed: pair + 1 }) },
];

type Round = { readonly xargs: Run; readonly native: Run; readonly us: Run };

const describe = (run: Run): string =>
  `${run.wallSeconds.toFixed(1)} s, CPU ${run.cpuSeconds.toFixed(1)} s, ${run.peakMb} MB, ${run.finished} done`;

const figuresOf = (setting: Setting, rounds: readonly Round[]): readonly Figure[] => {
  const middle = (value: (round: Round) => number): number => median(rounds.map(value));
  const ratio = (value: (run: Run) => number, other: 'xargs' | 'native'): number =>
    round(middle((each) => value(each.us) / value(each[other])));
  const seconds = (value: (run: Run) => number): string =>
    (['us', 'xargs', 'native'] as const)
      .map((who) => `${who} ${middle((each) => value(each[who])).toFixed(1)}`)
      .join(', ');
  const wall = (run: Run): number => run.wallSeconds;
  const cpu = (run: Run): number => run.cpuSeconds;
  const figure = (name: string, value: number, note: string, bar?: number): Figure => ({
    bench: 'a',
    name: `${setting.name}: ${name}`,
    value,
    unit: '',
    note,
    ...(bar === undefined ? {} : { bar: { atMost: bar } }),
  });
  return [
    figure('wall, ours ÷ xargs', ratio(wall, 'xargs'), `s: ${seconds(wall)}`, setting.wallBar),
    figure('CPU, ours ÷ xargs', ratio(cpu, 'xargs'), `s: ${seconds(cpu)}`, setting.cpuBar),
    figure('wall, ours ÷ sub-agents', ratio(wall, 'native'), ''),
    figure('CPU, ours ÷ sub-agents', ratio(cpu, 'native'), ''),
    figure(
      'peak RSS, ours ÷ xargs',
      ratio((run) => run.peakMb, 'xargs'),
      `MB: ${seconds((run) => run.peakMb)}`,
    ),
  ];
};

const contest = async (setting: Setting, o: BenchOptions): Promise<BenchResult> => {
  const rounds: Round[] = [];
  for (let pair = 0; pair < o.pairs; pair++) {
    const tasks = assignments(PROMPTS, setting.delays(pair));
    const runOf = async (contender: Contender): Promise<Run> => {
      const run = await compete(contender, {
        assignments: tasks,
        latencyMs: setting.latencyMs,
        signal: o.signal,
      });
      o.say(`a  ${setting.name}  ${pair + 1}/${o.pairs}  ${contender.name.padEnd(10)}  ${describe(run)}`);
      if (run.finished !== PROMPTS) throw new Error(`${contender.name} did ${run.finished} of ${PROMPTS}`);
      return run;
    };
    // One after the other: A B C, A B C, so that a busy minute of the machine meets all of them.
    rounds.push({
      xargs: await runOf(xargsClaude),
      us: await runOf(ours),
      native: await runOf(subAgents),
    });
  }
  return {
    figures: figuresOf(setting, rounds),
    runs: rounds.map((each) => ({ bench: 'a', setting: setting.name, ...each })),
  };
};

/** Of 48 pieces of work, how many each gets done. Once: it is a count and no time. */
const many = async (o: BenchOptions): Promise<BenchResult> => {
  const tasks = assignments(MANY, { fixedMs: 0 });
  const native = await compete(subAgents, { assignments: tasks, latencyMs: 0, signal: o.signal });
  o.say(`a  48 tasks  sub-agents  ${describe(native)}`);
  const us = await compete(ours, { assignments: tasks, latencyMs: 0, signal: o.signal });
  o.say(`a  48 tasks  ours        ${describe(us)}`);
  const note = (run: Run): string => `${run.wallSeconds.toFixed(1)} s`;
  return {
    figures: [
      {
        bench: 'a',
        name: '48 tasks: ours done',
        value: us.finished,
        unit: '',
        bar: { atLeast: MANY },
        note: note(us),
      },
      {
        bench: 'a',
        name: '48 tasks: sub-agents refused',
        value: MANY - native.finished,
        unit: '',
        note: note(native),
      },
    ],
    runs: [{ bench: 'a', setting: '48 tasks', us, native }],
  };
};

export const xargsBench = async (o: BenchOptions): Promise<BenchResult> => {
  const results: BenchResult[] = [];
  for (const setting of SETTINGS) results.push(await contest(setting, o));
  results.push(await many(o));
  return {
    figures: results.flatMap(({ figures }) => figures),
    runs: results.flatMap(({ runs }) => runs),
  };
};
