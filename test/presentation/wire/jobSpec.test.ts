import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jobSpecSchema } from '../../../src/domain/job.ts';
import { jobSpecFromWire, orchestrateInputSchema } from '../../../src/presentation/wire/jobSpec.ts';

const specOf = (input: Record<string, unknown>) =>
  jobSpecFromWire(orchestrateInputSchema.parse({ request: 'do it', workspace: '/w', ...input }));

describe('what the caller leaves out', () => {
  it('has the documented defaults', () => {
    expect(specOf({})).toMatchObject({
      copy: [],
      isolation: 'worktree',
      fresh: false,
      apply: 'branch',
      allowUnverified: false,
      priority: 'normal',
    });
    expect(orchestrateInputSchema.parse({ request: 'x', workspace: '/w' }).wait_seconds).toBe(0);
  });

  it('is made up for tasks: ids by place, titles from the prompt, the priority of the job', () => {
    const { tasks } = specOf({
      priority: 'high',
      tasks: [
        { prompt: '\n  \u001b[1mMend\u001b[0m it \nmore' },
        { prompt: `${'x'.repeat(100)}` },
        { prompt: 'p', priority: 'low' },
      ],
    });
    expect(tasks).toMatchObject([
      { id: 't1', title: 'Mend it', dependsOn: [], priority: 'high' },
      { id: 't2', title: `${'x'.repeat(79)}…`, priority: 'high' },
      { id: 't3', priority: 'low' },
    ]);
    // The prompt itself goes on word for word.
    expect(tasks?.[0]?.prompt).toBe('\n  \u001b[1mMend\u001b[0m it \nmore');
  });

  it('never takes an id that the caller gave to another task, whatever its case', () => {
    const { tasks } = specOf({
      tasks: [{ prompt: 'a' }, { prompt: 'b', id: 'T1' }, { prompt: 'c', id: 't3' }],
    });
    expect(tasks?.map(({ id }) => id)).toEqual(['t1x', 'T1', 't3']);
  });
});

it('every field arrives under its name in the core, and nothing else does', () => {
  const spec = specOf({
    tasks: [
      {
        id: 'a',
        title: 'A',
        prompt: 'p',
        depends_on: ['b'],
        verify: 'v',
        writes: ['src/**'],
        priority: 'critical',
        model: 'opus',
        timeout_seconds: 5,
        budget_usd: 0.5,
      },
    ],
    setup: 's',
    copy: ['.env'],
    verify: 'v',
    isolation: 'shared',
    fresh: true,
    apply: 'merge',
    allow_unverified: true,
    max_workers: 7,
    budget_usd: 2,
    timeout_seconds: 60,
    priority: 'low',
    model: 'sonnet',
    idempotency_key: 'k',
    wait_seconds: 3,
  });
  expect(spec).toEqual({
    request: 'do it',
    workspace: '/w',
    tasks: [
      {
        id: 'a',
        title: 'A',
        prompt: 'p',
        dependsOn: ['b'],
        verify: 'v',
        writes: ['src/**'],
        priority: 'critical',
        model: 'opus',
        timeoutSeconds: 5,
        budgetUsd: 0.5,
      },
    ],
    setup: 's',
    copy: ['.env'],
    verify: 'v',
    isolation: 'shared',
    fresh: true,
    apply: 'merge',
    allowUnverified: true,
    maxWorkers: 7,
    budgetUsd: 2,
    timeoutSeconds: 60,
    priority: 'low',
    model: 'sonnet',
  });
});

it('whatever the wire lets in, the domain takes, and prompts are not touched', () => {
  const visible = fc
    .string({ unit: 'binary', minLength: 1 })
    .filter((text) => text.trim() !== '' && text.isWellFormed());
  const task = fc.record({ prompt: visible, title: fc.option(visible, { nil: undefined }) });
  fc.assert(
    fc.property(visible, fc.array(task, { maxLength: 5 }), (request, tasks) => {
      const input = orchestrateInputSchema.safeParse({ request, workspace: '/w', tasks });
      if (!input.success) return;
      const spec = jobSpecFromWire(input.data);
      expect(jobSpecSchema.parse(spec)).toEqual(spec);
      expect(spec.request).toBe(request);
      expect(spec.tasks?.map(({ prompt }) => prompt)).toEqual(tasks.map(({ prompt }) => prompt));
    }),
  );
});
