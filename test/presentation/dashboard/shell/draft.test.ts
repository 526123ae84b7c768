import { describe, expect, it } from 'vitest';
import {
  analyzeBody,
  type Draft,
  EMPTY_DRAFT,
  newTask,
  problemsOf,
  submitBody,
} from '../../../../src/presentation/dashboard/page/pages/newJob/draft.ts';
import { analyzeInputSchema } from '../../../../src/presentation/wire/analysis.ts';
import { submitInputSchema } from '../../../../src/presentation/wire/jobSpec.ts';

const filled: Draft = {
  ...EMPTY_DRAFT,
  request: 'Write the tests',
  workspace: ' /repos/shop ',
  verify: 'npm test',
  setup: 'npm ci',
  apply: 'merge',
  maxWorkers: '4',
  budget: '2.50',
  tasks: [
    { key: 1, id: '', prompt: 'one', dependsOn: '', verify: 'node --test' },
    { key: 2, id: 'last', prompt: 'two', dependsOn: 't1', verify: '' },
  ],
};

describe('the form of a new job', () => {
  it('makes a body that the server takes, with nothing that was left empty', () => {
    expect(submitInputSchema.parse(submitBody(filled, 'k1'))).toMatchObject({
      request: 'Write the tests',
      workspace: '/repos/shop',
      apply: 'merge',
      max_workers: 4,
      budget_usd: 2.5,
      idempotency_key: 'k1',
      tasks: [
        { id: 't1', prompt: 'one', verify: 'node --test', depends_on: [] },
        { id: 'last', prompt: 'two', depends_on: ['t1'] },
      ],
    });
    const least = submitBody({ ...EMPTY_DRAFT, request: 'a', workspace: '/b' }, 'k');
    expect(Object.keys(submitInputSchema.parse(least) && least).toSorted()).toEqual([
      'apply',
      'idempotency_key',
      'request',
      'workspace',
    ]);
    expect(analyzeInputSchema.safeParse(analyzeBody(filled)).success).toBe(true);
  });

  it('finds nothing wrong with a good form, and names each field that is wrong', () => {
    expect(problemsOf(filled).size).toBe(0);
    const wrong = { ...EMPTY_DRAFT, workspace: 'shop', maxWorkers: '0.5', budget: '-1' };
    expect([...problemsOf(wrong).keys()]).toEqual(['request', 'workspace', 'maxWorkers', 'budget']);
    expect(problemsOf({ ...filled, workspace: 'C:\\repos\\shop' }).size).toBe(0);
  });

  it('finds tasks that say nothing, share a name, or wait for one that is not there', () => {
    const problem = (part: Partial<Draft['tasks'][number]>): string | undefined =>
      problemsOf({
        ...filled,
        tasks: filled.tasks.map((task, at) => (at === 1 ? { ...task, ...part } : task)),
      }).get('task 1');
    expect(problem({ prompt: ' ' })).toMatch(/Say what/);
    expect(problem({ id: 'T1', dependsOn: '' })).toMatch(/Two tasks/);
    expect(problem({ dependsOn: 't1, t9' })).toMatch(/no task t9/);
    expect(problem({ dependsOn: 'last' })).toMatch(/itself/);
  });

  it('gives each row a key of its own, also after one was removed', () => {
    const rest = filled.tasks.slice(1);
    expect(rest.map(({ key }) => key)).not.toContain(newTask(rest).key);
  });
});
