import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { listPlan } from '../../../src/application/planning/listPlan.ts';
import { poolSize } from '../../../src/application/planning/poolSize.ts';
import { ownWords } from '../../../src/application/planning/sharedContext.ts';
import { createTaskAnalyzer } from '../../../src/application/planning/taskAnalyzer.ts';
import { width } from '../../../src/application/planning/width.ts';
import { taskIdSchema } from '../../../src/domain/ids.ts';
import { buildPlan } from '../../../src/domain/plan.ts';
import { type TaskSpec, taskSpecSchema } from '../../../src/domain/task.ts';

const analyzer = () =>
  createTaskAnalyzer({ maxWorkers: 8, machine: { cores: () => 2, availableMemory: () => 8 * 1024 ** 3 } });

const word = fc.constantFrom(
  'add',
  'fix',
  'the',
  'new',
  'parser',
  'in',
  'src/a.ts',
  '`parseDate`',
  'it',
  'use',
  'then',
  'create',
  'step 1',
  'tests',
  'and',
  'each',
  'first',
  'API',
  'x_y',
  'für',
  '部分',
  '🎈',
);
const words = fc.array(word, { minLength: 1, maxLength: 12 }).map((list) => list.join(' '));
const item = fc
  .tuple(
    words,
    fc.array(fc.tuple(fc.constantFrom('  - ', '   ', '  ', '\t* ', '\n   '), words), { maxLength: 3 }),
  )
  .map(([first, more]) => [first, ...more.map(([lead, text]) => lead + text)].join('\n'));
const list = fc
  .tuple(
    fc.constantFrom('- ', '* ', '• ', 'n. ', 'n) ', 'Step n: ', '## n. '),
    fc.array(item, { minLength: 2, maxLength: 12 }),
  )
  .map(([mark, items]) => ({
    items,
    text: items.map((one, at) => mark.replace('n', String(at + 1)) + one).join('\n'),
  }));

/** Text as people write it, with the pieces that the scanners look for, in any disorder. */
const mess = fc
  .array(
    fc.oneof(
      word,
      fc.constantFrom(
        '\n',
        '\n\n',
        '\r\n',
        '- ',
        '1. ',
        '2) ',
        'Step 3: ',
        '# ',
        '```',
        '~~~',
        '\t',
        ':',
        '**',
        'First, ',
        'finally ',
        'in parallel',
        'Constraints:\n',
      ),
      fc.string({ unit: 'binary', maxLength: 8 }),
    ),
    { maxLength: 80 },
  )
  .map((parts) => parts.join(''));

describe('what a request lists', () => {
  test('no word of an item is lost or changed, and every item has one task, in its order', () => {
    fc.assert(
      fc.property(list, ({ items, text }) => {
        const listed = listPlan(text, 'normal');
        const prompts = listed?.plan.tasks.map((task) => ownWords(task.prompt));
        expect(prompts).toEqual(items.map((one) => one.trim()));
      }),
      { numRuns: 500 },
    );
  });

  test('every word of a request reaches a task, whatever the request is', () => {
    fc.assert(
      fc.property(mess, (text) => {
        const listed = listPlan(text, 'normal');
        if (listed === undefined) return;
        const all = new Set(listed.plan.tasks.flatMap((task) => task.prompt.split(/\s+/)));
        // Markers are the list's, not an item's.
        const own = text
          .split(/\s+/)
          .filter((one) => /^[\p{L}_]{2,}$/u.test(one) && !/^(?:step|task|part|phase)$/i.test(one));
        expect(own.filter((one) => !all.has(one) && !text.includes(`${one}:`))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('every plan made of it obeys the rules of a plan and of a task, and waits only for earlier tasks', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          list.map(({ text }) => text),
          mess,
        ),
        (text) => {
          const tasks = listPlan(text, 'high')?.plan.tasks;
          if (tasks === undefined) return;
          expect(tasks.map((task) => taskSpecSchema.parse(task))).toEqual(tasks);
          expect(buildPlan(tasks).order).toHaveLength(tasks.length);
          const place = new Map(tasks.map((task, at) => [task.id, at]));
          for (const [at, task] of tasks.entries())
            for (const id of task.dependsOn) expect(place.get(id)).toBeLessThan(at);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('the analyzer', () => {
  test('answers any text, always alike, with figures that make sense', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(mess, fc.string({ unit: 'binary', maxLength: 300 })), async (request) => {
        const input = { request, workspace: '/w', priority: 'normal' as const };
        const analysis = await analyzer().analyze(input);
        expect(await analyzer().analyze(input)).toEqual(analysis);
        expect(analysis.suggestedWorkers).toBeGreaterThanOrEqual(1);
        expect(analysis.estimate.serialSeconds).toBeGreaterThan(0);
        expect(analysis.verdict).toMatch(/about \d+ s.*\d+ s/);
      }),
      { numRuns: 300 },
    );
  });
});

const graph = fc.array(fc.array(fc.nat(7), { maxLength: 3 }), { minLength: 1, maxLength: 9 }).map((edges) =>
  buildPlan(
    edges.map(
      (before, at): TaskSpec => ({
        id: taskIdSchema.parse(`t${at}`),
        title: 't',
        prompt: 'p',
        priority: 'normal',
        dependsOn:
          at === 0
            ? []
            : [...new Set(before.map((one) => one % at))].map((one) => taskIdSchema.parse(`t${one}`)),
      }),
    ),
  ),
);

describe('the pool', () => {
  test('the width is the size of the largest set of tasks none of which waits for another', () => {
    fc.assert(
      fc.property(graph, (plan) => {
        const before = plan.order.map((id) => {
          const all = new Set<string>();
          const walk = (at: string): void => {
            for (const one of plan.tasks.find((task) => task.id === at)?.dependsOn ?? []) {
              all.add(one);
              walk(one);
            }
          };
          walk(id);
          return all;
        });
        let best = 0;
        for (let set = 1; set < 1 << plan.order.length; set++) {
          const chosen = plan.order.flatMap((id, at) => ((set >> at) & 1 ? [{ id, at }] : []));
          const apart = chosen.every(({ at }) => chosen.every(({ id }) => before[at]?.has(id) !== true));
          if (apart) best = Math.max(best, chosen.length);
        }
        expect(width(plan)).toBe(best);
      }),
      { numRuns: 300 },
    );
  });

  test('is never larger than any of its bounds and never below one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 600 }),
        fc.integer({ min: 1, max: 600 }),
        fc.integer({ min: 1, max: 100 }),
        fc.nat(2 ** 40),
        (tasks, widest, maxWorkers, availableMemory) => {
          const size = poolSize({ tasks, widest, maxWorkers, availableMemory });
          expect(size).toBeGreaterThanOrEqual(1);
          expect(size).toBeLessThanOrEqual(
            Math.max(1, Math.min(10, widest, maxWorkers, availableMemory / (250 * 1024 * 1024))),
          );
        },
      ),
    );
  });

  test.each([
    [1, 3],
    [10, 3],
    [11, 5],
    [30, 6],
    [50, 7],
    [51, 10],
    [500, 10],
  ])('%i tasks want %i workers', (tasks, size) => {
    expect(poolSize({ tasks, widest: 500, maxWorkers: 100, availableMemory: 2 ** 40 })).toBe(size);
  });
});
