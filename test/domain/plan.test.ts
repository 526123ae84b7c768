import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TaskValidationError } from '../../src/domain/errors/index.ts';
import { buildPlan, criticalPath, tailLengths } from '../../src/domain/plan.ts';
import { taskId, taskSpec } from '../support/specs.ts';

/** A graph without cycles: each task depends on earlier ones only. */
const acyclic = fc.array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 1, maxLength: 40 }).map((edges) =>
  edges.map((before, at) =>
    taskSpec(`t${at}`, {
      dependsOn: at === 0 ? [] : [...new Set(before.map((n) => taskId(`t${n % at}`)))],
    }),
  ),
);

describe('a plan names the culprit when it is refused', () => {
  const problem = (tasks: Parameters<typeof buildPlan>[0]): string => {
    try {
      buildPlan(tasks);
    } catch (error) {
      if (error instanceof TaskValidationError) return error.message;
      throw error;
    }
    throw new Error('the plan was accepted');
  };

  it('says which tasks make a cycle', () => {
    const cycle = problem([
      taskSpec('a', { dependsOn: ['c'] }),
      taskSpec('b', { dependsOn: ['a'] }),
      taskSpec('c', { dependsOn: ['b'] }),
      taskSpec('free'),
    ]);
    expect(cycle).toMatch(/cycle/);
    for (const id of ['a', 'b', 'c']) expect(cycle).toContain(id);
    expect(cycle).not.toContain('free');
  });

  it('says so when a task depends on itself', () => {
    expect(problem([taskSpec('a', { dependsOn: ['a'] })])).toMatch(/a → a/);
  });

  it('names an unknown dependency and the task that has it', () => {
    expect(problem([taskSpec('a', { dependsOn: ['ghost'] })])).toMatch(/"a" depends on "ghost"/);
  });

  it('names an id that stands twice, also where only the case differs', () => {
    expect(problem([taskSpec('same'), taskSpec('Same')])).toMatch(/"Same" stands twice/);
  });

  it('refuses more than 500 tasks and none', () => {
    expect(problem(Array.from({ length: 501 }, (_, n) => taskSpec(`t${n}`)))).toMatch(/501/);
    expect(problem([])).toMatch(/no tasks/);
    expect(() => buildPlan(Array.from({ length: 500 }, (_, n) => taskSpec(`t${n}`)))).not.toThrow();
  });
});

describe('for every graph without a cycle', () => {
  it('the order puts each task after all that it depends on', () => {
    fc.assert(
      fc.property(acyclic, (tasks) => {
        const { order } = buildPlan(tasks);
        expect(new Set(order).size).toBe(tasks.length);
        for (const task of tasks)
          for (const before of task.dependsOn)
            expect(order.indexOf(before)).toBeLessThan(order.indexOf(task.id));
      }),
    );
  });

  it('the critical path is a chain of dependencies and no chain is longer', () => {
    fc.assert(
      fc.property(acyclic, (tasks) => {
        const plan = buildPlan(tasks);
        const weight = (task: { id: string }): number => 1 + (task.id.length % 3);
        const { path, length } = criticalPath(plan, weight);
        const specs = path.map((id) => plan.byId.get(id));
        for (const [at, spec] of specs.entries()) {
          if (at > 0) expect(spec?.dependsOn).toContain(path[at - 1]);
        }
        expect(specs.reduce((sum, spec) => sum + (spec === undefined ? 0 : weight(spec)), 0)).toBe(length);
        expect(Math.max(...tailLengths(plan, weight).values())).toBe(length);
      }),
    );
  });
});
