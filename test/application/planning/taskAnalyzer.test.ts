import { describe, expect, test } from 'vitest';
import { forecast, taskSeconds } from '../../../src/application/planning/estimate.ts';
import { createTaskAnalyzer } from '../../../src/application/planning/taskAnalyzer.ts';
import { TaskValidationError } from '../../../src/domain/errors/index.ts';
import { taskIdSchema } from '../../../src/domain/ids.ts';
import { buildPlan } from '../../../src/domain/plan.ts';
import type { TaskSpec } from '../../../src/domain/task.ts';

const GB = 1024 ** 3;
const analyzer = (memory = { bytes: 8 * GB }) =>
  createTaskAnalyzer({ maxWorkers: 8, machine: { cores: () => 2, availableMemory: () => memory.bytes } });
const ask = (request: string) => ({ request, workspace: '/w', priority: 'normal' as const });
const task = (id: string, dependsOn: readonly string[] = [], prompt = 'Implement it'): TaskSpec => ({
  id: taskIdSchema.parse(id),
  title: id,
  prompt,
  dependsOn: dependsOn.map((one) => taskIdSchema.parse(one)),
  priority: 'normal',
});

const SIX =
  'Fix these:\n- Fix src/a.ts\n- Fix src/b.ts\n- Fix src/c.ts\n- Fix src/d.ts\n- Fix src/e.ts\n- Fix src/f.ts';

describe('an analysis', () => {
  test('of independent parts calls parallel work worth it and names both numbers', async () => {
    const { estimate, verdict, splittable, suggestedWorkers, preview } = await analyzer().analyze(ask(SIX));
    expect([splittable, suggestedWorkers, preview?.length]).toEqual([true, 3, 6]);
    expect(estimate.parallelWorthIt).toBe(true);
    expect(verdict).toMatch(/^Parallel work is worth it: about \d+ s with 3 workers/);
    expect(verdict).toContain(`${estimate.serialSeconds} s for one worker`);
  });

  test('of a sequence says that it is not worth it, and suggests one worker', async () => {
    const { estimate, verdict, suggestedWorkers } = await analyzer().analyze(
      ask('1. Create X\n2. Use X\n3. Document X'),
    );
    expect(suggestedWorkers).toBe(1);
    expect(estimate.parallelWorthIt).toBe(false);
    expect(verdict).toMatch(/^Parallel work is not worth it/);
  });

  test('of one small thing does not split it', async () => {
    const analysis = await analyzer().analyze(ask('Fix the typo in README.md'));
    expect(analysis).toMatchObject({
      complexity: 'SIMPLE',
      splittable: false,
      suggestedWorkers: 1,
      estimate: { tasks: 1, parallelWorthIt: false },
    });
    expect(analysis.preview).toHaveLength(1);
  });

  test('of a big thing without a list has no preview, and says what a plan must beat', async () => {
    const analysis = await analyzer().analyze(
      ask('Refactor the entire backend, add tests, write docs and migrate the database.'),
    );
    expect(analysis).toMatchObject({ splittable: true, preview: undefined, suggestedWorkers: 3 });
    expect(analysis.verdict).toMatch(/^Not known before the planner/);
  });

  test("shows the caller's own tasks, and refuses those that make no plan", async () => {
    const given = await analyzer().analyze({ ...ask('x'), tasks: [task('a'), task('b', ['a'])] });
    expect(given.preview?.map((one) => one.id)).toEqual(['a', 'b']);
    await expect(analyzer().analyze({ ...ask('x'), tasks: [task('a', ['a'])] })).rejects.toThrow(
      TaskValidationError,
    );
  });

  test('carries a priority and the words that it was read from', async () => {
    const analysis = await analyzer().analyze(ask('Production is down: fix the login'));
    expect(analysis.priority).toBe('critical');
    expect(analysis.reasons.join()).toContain('"Production is down"');
    expect(analysis.preview?.[0]?.priority).toBe('critical');
  });
});

describe('what was analysed is remembered', () => {
  test('the same again is marked as cached, anything that matters makes it new', async () => {
    const memory = { bytes: 8 * GB };
    const one = analyzer(memory);
    const first = await one.analyze(ask(SIX));
    expect(first.cached).toBe(false);
    expect(await one.analyze({ ...ask(SIX), workspace: '/other' })).toEqual({ ...first, cached: true });
    expect((await one.analyze({ ...ask(SIX), maxWorkers: 2 })).suggestedWorkers).toBe(2);
    expect((await one.analyze({ ...ask(SIX), priority: 'low' })).priority).toBe('low');
    expect((await one.analyze({ ...ask(SIX), tasks: [task('a')] })).preview).toHaveLength(1);
    memory.bytes = GB / 2;
    expect((await one.analyze(ask(SIX))).suggestedWorkers).toBe(2);
  });

  test('a hundred of them, the oldest goes first', async () => {
    const one = analyzer();
    for (let at = 0; at <= 100; at++) await one.analyze(ask(`Fix bug ${at}`));
    expect((await one.analyze(ask('Fix bug 1'))).cached).toBe(true);
    expect((await one.analyze(ask('Fix bug 0'))).cached).toBe(false);
  });
});

describe('a forecast', () => {
  const lanes = { workers: 3, cores: 2, setup: false };
  const wide = buildPlan(['a', 'b', 'c', 'd', 'e', 'f'].map((id) => task(id)));

  test('is never below the critical path nor below the work shared by the workers', () => {
    const chain = buildPlan([task('a'), task('b', ['a']), task('c', ['b'])]);
    const each = taskSeconds(task('a'));
    expect(forecast(chain, lanes).parallelSeconds).toBeGreaterThanOrEqual(3 * each);
    expect(forecast(wide, lanes).parallelSeconds).toBeGreaterThanOrEqual(2 * each);
    expect(forecast(wide, { ...lanes, workers: 6 }).parallelSeconds).toBeLessThan(
      forecast(wide, lanes).parallelSeconds,
    );
  });

  test('counts the starts that queue for the cores, and the setup of every lane', () => {
    const on = (cores: number, setup: boolean) =>
      forecast(wide, { workers: 6, cores, setup }).estimate.criticalPathSeconds;
    expect(on(2, false) - on(6, false)).toBe(2);
    expect(on(2, true)).toBeGreaterThan(on(6, true));
  });

  test('lets one worker read the code only once', () => {
    expect(forecast(wide, lanes).estimate.serialSeconds).toBe(
      Math.round(1 + 6 * taskSeconds(task('a')) - 5 * 15),
    );
  });

  test('takes more for a verification and for bigger words', () => {
    expect(taskSeconds({ ...task('a'), verify: 'npm test' })).toBeGreaterThan(taskSeconds(task('a')));
    expect(taskSeconds(task('a', [], 'Refactor it'))).toBeGreaterThan(
      taskSeconds(task('a', [], 'Rename it')),
    );
  });

  test('calls it worth it from a fifth saved, and not for less', () => {
    // A chain of three beside one task saves 14 %; a chain of two beside two tasks saves 42 %.
    const long = buildPlan([task('a'), task('b', ['a']), task('c', ['b']), task('d')]);
    const short = buildPlan([task('a'), task('b', ['a']), task('c'), task('d')]);
    expect([long, short].map((plan) => forecast(plan, lanes).estimate.parallelWorthIt)).toEqual([
      false,
      true,
    ]);
  });
});

describe('a megabyte costs no more than a page', () => {
  const MB = 1_000_000;
  test.each([
    ['letters', 'a'.repeat(MB)],
    ['words', 'add the parser '.repeat(MB / 15)],
    ['blank lines', '\n'.repeat(MB)],
    ['spaces', ' '.repeat(MB)],
    ['bullets', '- a b\n'.repeat(MB / 6)],
    ['numbers', Array.from({ length: 50_000 }, (_, at) => `${at + 1}. create it\n`).join('')],
    [
      '500 long items',
      Array.from({ length: 500 }, () => `- create the parser ${'aB foo_bar a/b.ts '.repeat(105)}\n`).join(''),
    ],
    [
      '500 that refer to all',
      Array.from({ length: 500 }, (_, at) => `- Finally, run everything above and create p${at}\n`).join(''),
    ],
    ['chains', 'First add x, then add y. '.repeat(MB / 25)],
    ['fences', '```\n'.repeat(MB / 4)],
    ['back ticks', '`'.repeat(MB)],
    ['slashes', '/'.repeat(MB)],
    ['dots', 'a.'.repeat(MB / 2)],
    ['dashes', 'a-'.repeat(MB / 2)],
    ['digits', '1'.repeat(MB)],
    ['renames', 'rename to into '.repeat(MB / 15)],
    ['many lists', 'a:\n\n- b\n- c\n\n'.repeat(MB / 13)],
    ['deeper and deeper', Array.from({ length: 1000 }, (_, at) => `${' '.repeat(at)}1. a\n\np\n`).join('')],
  ])('%s', async (_name, request) => {
    // The least of a few runs: others share the processor. Quadratic work on a megabyte takes minutes.
    let least = Number.POSITIVE_INFINITY;
    for (let run = 0; run < 5 && least > 50; run++) {
      const { user, system } = process.cpuUsage();
      await analyzer().analyze(ask(request));
      const used = process.cpuUsage({ user, system });
      least = Math.min(least, (used.user + used.system) / 1000);
    }
    expect(least).toBeLessThan(200);
  });
});
