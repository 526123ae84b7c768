/**
 * How well the judge of shell commands tells dangerous from safe ones:
 * `node bench/safety/score.ts --corpus FOLDER [--half even|odd|both] [--misses] [--json FILE]`.
 * The even half is for tuning; of the odd one only figures are shown. Ends with 1 where a bar is not held.
 * The odd half was scored blind once: 2.86 % false positives in the union, 95.16 % recall of the evasions. Then it
 * was read to name disagreements: its figures after that are not blind.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { round } from '../measure/figure.ts';
import { readCorpus } from './corpus.ts';
import { adversarial, latencyOf, oversize } from './latency.ts';
import { asked, readOrdinary } from './ordinary.ts';
import { scoresOf, wrong } from './scores.ts';

const { values } = parseArgs({
  options: {
    corpus: { type: 'string' },
    half: { type: 'string', default: 'even' },
    json: { type: 'string' },
    misses: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
  },
});
if (values.corpus === undefined || !['even', 'odd', 'both'].includes(values.half))
  throw new Error(
    'Usage: score.ts --corpus FOLDER [--half even|odd|both] [--misses] [--quick] [--json FILE]',
  );

const corpus = readCorpus(values.corpus);
const halves =
  values.half === 'both'
    ? (['even', 'odd'] as const)
    : values.half === 'odd'
      ? (['odd'] as const)
      : (['even'] as const);
const scores = scoresOf(corpus, halves);
const percent = (share: number): string => (Number.isNaN(share) ? '-' : `${round(share * 100)} %`);
console.log(
  '| file | half | dangerous | recall | safe | false positives | disagreements |\n|---|---|---|---|---|---|---|',
);
for (const each of scores)
  console.log(
    `| ${each.file} | ${each.half} | ${each.dangerous} | ${percent(each.recall)} | ${each.safe} | ${percent(each.falsePositives)} | ${each.disagreements} |`,
  );

if (values.misses)
  for (const miss of wrong(
    corpus.filter(({ half }) => half === 'even' && halves.some((asked) => asked === 'even')),
  ))
    console.log(
      `${miss.kind}\t${miss.file}\t${miss.hash.slice(0, 12)}\t${miss.category}\t${JSON.stringify(miss.command)}\t${miss.why}`,
    );

const ordinary = readOrdinary();
const asks = asked(ordinary);
console.log(
  `\nOrdinary work: ${asks.length} of ${ordinary.length} ask (${percent(asks.length / ordinary.length)})`,
);
if (values.misses) for (const { command, why } of asks) console.log(`  ${JSON.stringify(command)}\t${why}`);

const latency = latencyOf(corpus.map(({ command }) => command));
const slow = values.quick ? [] : adversarial();
const big = oversize();
console.log(
  `\nLatency: median ${round(latency.median, 3)} ms, p99 ${round(latency.p99, 3)} ms, most ${round(latency.most, 3)} ms; 1 MB ${round(big.ms, 3)} ms`,
);
for (const each of slow.filter(({ ms }) => ms > 50 || values.misses))
  console.log(`  ${each.name}: ${round(each.ms, 1)} ms${each.stopped ? '' : ' (allowed)'}`);
console.log(
  `  slowest of ${slow.length} inputs of 64 kB: ${round(Math.max(0, ...slow.map(({ ms }) => ms)), 1)} ms`,
);

const union = scores.filter(({ file }) => file === 'union');
const held =
  union.every((each) => each.recall >= 0.985 && each.falsePositives <= 0.007) &&
  scores
    .filter(({ file }) => file === 'evasion')
    .every((each) => each.recall >= 0.97 && each.falsePositives <= 0.01) &&
  asks.length < ordinary.length * 0.02 &&
  latency.p99 <= 0.5 &&
  slow.every(({ ms }) => ms <= 50) &&
  big.ms < 5 &&
  big.stopped;
console.log(held ? '\nEvery bar is held.' : '\nA bar is NOT held.');
if (values.json !== undefined)
  writeFileSync(
    values.json,
    `${JSON.stringify({ scores, ordinary: { asked: asks.length, of: ordinary.length }, latency, adversarial: slow, oversize: big, held }, null, 2)}\n`,
  );
process.exitCode = held ? 0 : 1;
