import { openGround } from './faces/ground.ts';
import { generate, type Load } from './faces/load/generate.ts';
import { type LocalServer, startLocalServer } from './faces/localServer.ts';
import { type LongJob, startLongJob } from './faces/longJob.ts';
import { type BenchOptions, type BenchResult, type Figure, median, round } from './measure/figure.ts';
import { loadNow } from './measure/machine.ts';

/**
 * Bench (e): `GET /api/v1/jobs/{id}` of a job of 16 tasks by 100 connections that stay open, with this user's own
 * token. A flood (each asks again at once) gives the most requests a second; its latencies are 100 ÷ that, whatever
 * the server does, so latency is measured at a given pace. The workers wait for a silent model, or they work; and
 * a flood alone where the job has ended and is read from the store.
 */
const MOST_ROUNDS = 5;
const SECONDS = 5;
const RATE = 2000;

const STATES = ['silent', 'working'] as const;
type State = (typeof STATES)[number];
type Pair = { readonly flood: Load; readonly paced: Load; readonly load: number };
type Round = Readonly<Record<State, Pair>> & { readonly ended: Load };

const pathOf = ({ id }: LongJob): string => `/api/v1/jobs/${id}`;

const flooded = async (server: LocalServer, job: LongJob, signal: AbortSignal): Promise<Load> => {
  // The first answers of a server are those of code that is not compiled yet.
  await generate('flood', server, pathOf(job), { seconds: 1, signal });
  return generate('flood', server, pathOf(job), { seconds: SECONDS, signal });
};

const measure = async (server: LocalServer, job: LongJob, signal: AbortSignal): Promise<Pair> => {
  const flood = await flooded(server, job, signal);
  const paced = await generate('paced', server, pathOf(job), { seconds: SECONDS, rate: RATE, signal });
  if (flood.failures + paced.failures > 0)
    throw new Error(`${flood.failures} and ${paced.failures} requests had no good answer.`);
  return { flood, paced, load: loadNow() };
};

const measureRound = async (signal: AbortSignal): Promise<Round> => {
  await using ground = await openGround(signal);
  await using server = await startLocalServer(ground);
  const waiting = await startLongJob(ground, server, 'silent');
  const silent = await measure(server, waiting, signal);
  await server.client.cancel({ job_id: waiting.id });
  const busy = await startLongJob(ground, server, 'working');
  const working = await measure(server, busy, signal);
  await server.client.cancel({ job_id: busy.id });
  return { silent, working, ended: await flooded(server, waiting, signal) };
};

const WORDS: Readonly<Record<State, string>> = {
  silent: 'workers wait',
  working: 'workers work',
};

const figuresOf = (rounds: readonly Round[], state: State): readonly Figure[] => {
  const middle = (value: (pair: Pair) => number): number => median(rounds.map((each) => value(each[state])));
  return [
    {
      bench: 'e',
      name: `${WORDS[state]}: most requests`,
      value: Math.round(middle(({ flood }) => flood.requests_per_second)),
      unit: '/s',
      bar: { atLeast: RATE },
      note: `server CPU ${middle(({ flood }) => flood.cpuUs)} µs each, ${round(middle(({ flood }) => flood.cpuShare))} of a core; 100 in flight: p50 ${round(
        middle(({ flood }) => flood.p50),
        1,
      )} ms, p95 ${round(
        middle(({ flood }) => flood.p95),
        1,
      )} ms`,
    },
    {
      bench: 'e',
      name: `${WORDS[state]}: p95 at ${RATE}/s`,
      value: round(middle(({ paced }) => paced.p95)),
      unit: 'ms',
      bar: { atMost: 10 },
      note: `p50 ${round(middle(({ paced }) => paced.p50))} ms, p99 ${round(middle(({ paced }) => paced.p99))} ms, ${middle(({ paced }) => paced.requests_per_second)}/s; server CPU ${middle(({ paced }) => paced.cpuUs)} µs each; load ${round(middle(({ load }) => load))}`,
    },
  ];
};

export const apiBench = async (o: BenchOptions): Promise<BenchResult> => {
  const rounds: Round[] = [];
  const count = Math.min(o.pairs, MOST_ROUNDS);
  for (let at = 0; at < count; at++) {
    const each = await measureRound(o.signal);
    rounds.push(each);
    o.say(
      `e  ${at + 1}/${count}  ${STATES.map(
        (state) =>
          `${state} ${each[state].flood.requests_per_second}/s (${each[state].flood.cpuUs} µs), p95 ${each[state].paced.p95.toFixed(1)} ms`,
      ).join('; ')}`,
    );
  }
  return {
    figures: [
      ...STATES.flatMap((state) => figuresOf(rounds, state)),
      {
        bench: 'e',
        name: 'ended job, from the store: most requests',
        value: Math.round(median(rounds.map(({ ended }) => ended.requests_per_second))),
        unit: '/s',
        note: `server CPU ${median(rounds.map(({ ended }) => ended.cpuUs))} µs each`,
      },
    ],
    runs: rounds.map((each, at) => ({ bench: 'e', round: at + 1, ...each })),
  };
};
