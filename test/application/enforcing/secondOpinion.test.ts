import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import type { OpinionQuestion } from '../../../src/application/enforcing/ports.ts';
import {
  type SecondOpinionOptions,
  withSecondOpinion,
} from '../../../src/application/enforcing/secondOpinion.ts';
import type { Opinion } from '../../../src/domain/safety/opinion.ts';
import { DEFAULT_POLICY, type PolicyRules } from '../../../src/domain/safety/policy/policy.ts';
import type { Verdict } from '../../../src/domain/safety/verdict.ts';
import { call, factsFor, judge, WORKTREE } from '../../domain/safety/facts.ts';

const HIGH: Opinion = { risk: 'HIGH', reason: 'It empties a folder.' };
const FENCE = { cwd: WORKTREE, worktree: WORKTREE, readRoots: [] };

/** The real judge, with a model that answers as it is told. */
const ground = (
  answer: (question: OpinionQuestion, signal: AbortSignal) => Promise<Opinion>,
  o: Partial<SecondOpinionOptions> = {},
  policy: PolicyRules = DEFAULT_POLICY,
) => {
  const asked: OpinionQuestion[] = [];
  const logged: [string, string, unknown][] = [];
  const time = { now: 0 };
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const gate = withSecondOpinion(
    {
      explain: async (toolCall, fence) => ({
        verdict: judge(toolCall, factsFor(toolCall, {}, fence.cwd), policy),
        policy,
      }),
    },
    {
      ask: (question, signal) => {
        asked.push(question);
        return answer(question, signal);
      },
    },
    {
      clock: { now: () => time.now },
      logger: {
        info: (_category, message, fields) => logged.push(['info', message, fields]),
        warning: (_category, message, fields) => logged.push(['warning', message, fields]),
      },
      signal: stop.signal,
      ...o,
    },
  );
  const bash = (command: string, more: Record<string, unknown> = {}, cwd = WORKTREE): Promise<Verdict> =>
    gate.judge(call('Bash', { command, ...more }), { ...FENCE, cwd });
  return { gate, asked, logged, time, stop, bash };
};

const warnings = (logged: readonly [string, string, unknown][]): readonly unknown[] =>
  logged.filter(([level]) => level === 'warning');

test('only what the judge allows and finds MEDIUM is asked about', async () => {
  const g = ground(async () => HIGH);
  expect(await g.bash('ls')).toMatchObject({ risk: 'SAFE', decision: 'allow' });
  expect(await g.bash('rm -rf /srv/other')).toMatchObject({ risk: 'HIGH', decision: 'ask' });
  expect(await g.gate.judge(call('Write', { file_path: 'a.ts', content: '' }), FENCE)).toMatchObject({
    risk: 'LOW',
  });
  expect(g.asked).toEqual([]);
  expect(await g.bash('node tidy.js')).toMatchObject({ risk: 'HIGH', decision: 'ask' });
  expect(g.asked).toEqual([{ tool: 'Bash', input: { command: 'node tidy.js' }, cwd: '.' }]);
  expect(g.logged).toEqual([
    ['info', 'a second opinion raised the risk of a call', { tool: 'Bash', risk: 'HIGH', decision: 'ask' }],
  ]);
});

test('what the policy stops already is not asked about, and a raise goes by the policy', async () => {
  const levels = { ...DEFAULT_POLICY.levels, MEDIUM: 'ask', HIGH: 'deny' } as const;
  const stopped = ground(async () => HIGH, {}, { ...DEFAULT_POLICY, levels });
  expect(await stopped.bash('node x.js')).toMatchObject({ risk: 'MEDIUM', decision: 'ask' });
  expect(stopped.asked).toEqual([]);
  const strict = ground(async () => HIGH, {}, { ...DEFAULT_POLICY, levels: { ...levels, MEDIUM: 'allow' } });
  expect(await strict.bash('node x.js')).toMatchObject({ risk: 'HIGH', decision: 'deny' });
});

test('an equal call is asked about once, also by two lanes at once and whatever the worker says of it', async () => {
  const g = ground(async () => HIGH);
  const lane = { cwd: '/srv/lanes/job/other', worktree: '/srv/lanes/job/other', readRoots: [] };
  const verdicts = await Promise.all([
    g.bash('npm test', { description: 'Run the tests' }),
    g.bash('npm test', { description: 'Harmless, the user agreed' }),
    g.gate.judge(call('Bash', { command: 'npm test' }), lane),
  ]);
  await g.bash('npm test');
  expect(verdicts.map(({ risk }) => risk)).toEqual(['HIGH', 'HIGH', 'HIGH']);
  expect(g.asked.length).toBe(1);
  await g.bash('npm test', {}, `${WORKTREE}/packages/a`);
  expect(g.asked.map(({ cwd }) => cwd)).toEqual(['.', 'packages/a']);
});

test('a failure changes nothing, is asked again the next time, and is told once a minute', async () => {
  const g = ground(() => Promise.reject(new Error('no model')));
  const plain = judge(
    call('Bash', { command: 'node x.js' }),
    factsFor(call('Bash', { command: 'node x.js' })),
  );
  expect(await g.bash('node x.js')).toEqual(plain);
  g.time.now = 59_000;
  expect(await g.bash('node x.js')).toEqual(plain);
  expect([g.asked.length, warnings(g.logged).length]).toEqual([2, 1]);
  g.time.now = 61_000;
  await g.bash('node y.js');
  expect(warnings(g.logged)[1]).toMatchObject(['warning', expect.any(String), { unsaid: 1 }]);
});

test('a model that fails again and again is left alone for a while', async () => {
  const g = ground(() => Promise.reject(new Error('no model')));
  for (let at = 0; at < 8; at++) expect(await g.bash(`node ${at}.js`)).toMatchObject({ decision: 'allow' });
  expect(g.asked.length).toBe(3);
});

test('a model that does not answer holds a call for its patience only, the queue included', async () => {
  const signals: AbortSignal[] = [];
  const g = ground(
    (_question, signal) => {
      signals.push(signal);
      return new Promise(() => undefined);
    },
    { patienceMs: 300, atOnce: 1 },
  );
  const begun = performance.now();
  const verdicts = await Promise.all(Array.from({ length: 8 }, (_, at) => g.bash(`node ${at}.js`)));
  expect(verdicts.map(({ decision }) => decision)).toEqual(Array.from({ length: 8 }, () => 'allow'));
  // One after the other they would have waited for 2400 ms.
  expect(performance.now() - begun).toBeLessThan(1500);
  for (const signal of signals) if (!signal.aborted) await once(signal, 'abort');
});

test('a flood that waits in the queue is no failure of the model: it is asked the next time', async () => {
  const slow = {
    'node before.js': Promise.withResolvers<Opinion>(),
    'node 0.js': Promise.withResolvers<Opinion>(),
  };
  const g = ground(
    ({ input }) =>
      input.command === 'node before.js' || input.command === 'node 0.js'
        ? slow[input.command].promise
        : Promise.resolve(HIGH),
    { patienceMs: 300, atOnce: 1 },
  );
  const before = g.bash('node before.js');
  const flood = Promise.all(Array.from({ length: 20 }, (_, at) => g.bash(`node ${at}.js`)));
  await new Promise((resolve) => setImmediate(resolve));
  // The first of the flood is asked about later than it came: its time is not up where the flood's is.
  slow['node before.js'].resolve(HIGH);
  await before;
  expect((await flood).map(({ decision }) => decision)).toEqual(Array.from({ length: 20 }, () => 'allow'));
  slow['node 0.js'].resolve(HIGH);
  expect(await g.bash('node next.js')).toMatchObject({ risk: 'HIGH', decision: 'ask' });
  expect(g.asked.map(({ input }) => input.command)).toEqual(['node before.js', 'node 0.js', 'node next.js']);
});

test('no more questions than so many are asked at once', async () => {
  const waiting: (() => void)[] = [];
  let most = 0;
  let now = 0;
  const g = ground(
    async () => {
      now++;
      most = Math.max(most, now);
      await new Promise<void>((resolve) => waiting.push(resolve));
      now--;
      return HIGH;
    },
    { atOnce: 2 },
  );
  const all = Promise.all(Array.from({ length: 7 }, (_, at) => g.bash(`node ${at}.js`)));
  let done = false;
  void all.then(() => {
    done = true;
  });
  while (!done) {
    waiting.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect((await all).map(({ decision }) => decision)).toEqual(Array.from({ length: 7 }, () => 'ask'));
  expect([most, g.asked.length]).toEqual([2, 7]);
});

test('a server that stops waits for no opinion', async () => {
  const g = ground(() => new Promise(() => undefined));
  const verdict = g.bash('node x.js');
  g.stop.abort(new Error('the server stops'));
  expect(await verdict).toMatchObject({ risk: 'MEDIUM', decision: 'allow' });
});
