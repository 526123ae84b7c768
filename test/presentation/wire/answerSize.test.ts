import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { countTokens } from 'gpt-tokenizer';
import { describe, expect, it } from 'vitest';
import { jobIdSchema } from '../../../src/domain/ids.ts';
import type { Job } from '../../../src/domain/job.ts';
import { LOCAL_AGENT } from '../../../src/domain/principal.ts';
import { newTask, type Task, taskSpecSchema } from '../../../src/domain/task.ts';
import { analyze } from '../../../src/presentation/mcp/tools/analyze.ts';
import { jobList } from '../../../src/presentation/mcp/tools/jobList.ts';
import { jobResult } from '../../../src/presentation/mcp/tools/jobResult.ts';
import { jobStatus } from '../../../src/presentation/mcp/tools/jobStatus.ts';
import { systemHealth } from '../../../src/presentation/mcp/tools/systemHealth.ts';
import { taskOutput } from '../../../src/presentation/mcp/tools/taskOutput.ts';
import { ANSWER_BYTES, cutToBytes, fitList, jsonBytes } from '../../../src/presentation/wire/answerSize.ts';
import { jobToWire } from '../../../src/presentation/wire/job.ts';
import { localApi } from '../../../src/presentation/wire/localApi.ts';
import { wholeJobToWire } from '../../../src/presentation/wire/wholeJob.ts';
import { createFixtureOrchestrator } from '../../support/mcp/fixtureOrchestrator.ts';

const id = jobIdSchema.parse('job_0000000000000001');
/** Models count differently: this leaves a quarter for those that count more than this tokenizer. */
const MOST_TOKENS = 20_000;

type Words = (length: number) => string;

/** A job that is as large as can be, and whose every word is as long as can be. */
const worst = (wide: Words) => {
  const task = (at: number): Task => ({
    ...newTask(
      id,
      taskSpecSchema.parse({
        id: `t${at}`,
        title: wide(200),
        prompt: 'p',
        dependsOn: [],
        priority: 'normal',
      }),
    ),
    status: at === 499 ? 'failed' : 'done',
    summary: wide(5000),
    verificationNote: wide(5000),
    error: { code: 'X', message: wide(5000), hint: wide(5000), retryable: false },
  });

  const job: Job = {
    id,
    owner: LOCAL_AGENT.id,
    spec: {
      request: 'x',
      workspace: '/w',
      copy: [],
      isolation: 'worktree',
      fresh: false,
      apply: 'branch',
      allowUnverified: false,
      priority: 'normal',
    },
    status: 'failed',
    createdAt: 0,
    warnings: Array.from({ length: 100 }, () => wide(5000)),
    attention: { reason: wide(9000), refs: Array.from({ length: 100 }, () => wide(900)) },
    applied: false,
    filesChanged: Array.from({ length: 5000 }, (_, at) => `${wide(300)}${at}`),
    verification: 'failed',
    verificationNote: wide(9000),
    overheadCostUsd: 0,
    error: { code: 'X', message: wide(9000), hint: wide(9000), retryable: false },
  };
  const view = { job, tasks: Array.from({ length: 500 }, (_, at) => task(at)), seq: 1 };

  const orchestrator = {
    ...createFixtureOrchestrator(),
    status: async () => view,
    result: async () => ({
      view,
      output: wide(1_000_000),
      diffStat: wide(1_000_000),
      failures: view.tasks.flatMap(({ spec, error }) =>
        error === undefined ? [] : [{ taskId: spec.id, error }],
      ),
    }),
  };
  const loud = {
    ...orchestrator,
    list: async () => ({ views: Array.from({ length: 50 }, () => view), nextCursor: 'c' }),
    analyze: async (input: Parameters<typeof orchestrator.analyze>[0]) => ({
      ...(await orchestrator.analyze(input)),
      reasons: Array.from({ length: 100 }, () => wide(5000)),
      verdict: wide(5000),
      preview: view.tasks.map(({ spec }) => ({
        ...spec,
        prompt: wide(5000),
        writes: Array.from({ length: 99 }, () => wide(999)),
      })),
    }),
    health: async () => ({
      ...(await orchestrator.health()),
      problems: Array.from({ length: 99 }, () => wide(999)),
    }),
    taskOutput: async () => ({ text: wide(16_000), size: 1_000_000, nextOffset: 16_000 }),
  };
  const context = {
    api: async () => localApi(loud),
    signal: new AbortController().signal,
    onProgress: () => {},
  };
  return { view, job, context };
};

const CONTRIBUTING = readFileSync(new URL('../../../CONTRIBUTING.md', import.meta.url), 'utf8');
const WORDS: readonly (readonly [string, Words])[] = [
  // Three bytes a character in UTF-8: the worst that JSON leaves unescaped.
  ['in three bytes a character', (length) => '数据库连接失败'.repeat(length).slice(0, length)],
  [
    'in prose and code',
    (length) => CONTRIBUTING.repeat(Math.ceil(length / CONTRIBUTING.length)).slice(0, length),
  ],
];

describe.each(WORDS)('no answer exceeds 25,000 tokens, however large the job is, %s', (_words, wide) => {
  const { view, job, context } = worst(wide);

  it.each([['job_status', jobStatus] as const, ['job_result', jobResult] as const])(
    '%s',
    async (_name, tool) => {
      const result = await tool.call({ job_id: id }, context);
      expect(result.isError).toBeUndefined();
      expect(jsonBytes(result)).toBeLessThanOrEqual(ANSWER_BYTES);
      expect(countTokens(JSON.stringify(result))).toBeLessThanOrEqual(MOST_TOKENS);
      // What was left out can be read by reference, and what failed was not left out.
      expect(JSON.stringify(result.content)).toContain(`"uri":"job://${id}"`);
      expect(JSON.stringify(result.structuredContent)).toContain('"id":"t499"');
    },
  );

  it.each([
    [jobList, { limit: 50 }] as const,
    [analyze, { request: 'x', workspace: '/w' }] as const,
    [systemHealth, {}] as const,
    [taskOutput, { job_id: id, task_id: 't1', limit: 16_000 }] as const,
  ])('and so for the other tools', async (tool, args) => {
    const result = await tool.call(args, context);
    expect(result.isError).toBeUndefined();
    expect(jsonBytes(result)).toBeLessThanOrEqual(ANSWER_BYTES);
    expect(countTokens(JSON.stringify(result))).toBeLessThanOrEqual(MOST_TOKENS);
  });

  it('and the resource leaves no entry of a list out; each text is cut by itself', () => {
    const whole = wholeJobToWire(view);
    expect(whole.tasks).toHaveLength(500);
    expect(whole.files_changed).toHaveLength(5000);
    expect(whole.warnings).toHaveLength(100);
    expect(whole.attention?.refs).toHaveLength(100);
    for (const text of whole.warnings) expect(text.length).toBeLessThanOrEqual(500);
    for (const text of whole.attention?.refs ?? []) expect(text.length).toBeLessThanOrEqual(300);
    expect(whole).not.toHaveProperty('omitted');
  });

  it('and a job of common size is shown whole', () => {
    const small = jobToWire({ ...view, job: { ...job, filesChanged: ['a'] }, tasks: view.tasks.slice(0, 3) });
    expect(small.tasks).toHaveLength(3);
    expect(small.omitted).toBeUndefined();
  });
});

it('a text is cut to its bytes, at the last character that fits', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.integer({ min: 10, max: 300 }),
      (text, max) => {
        const cut = cutToBytes(text, max);
        expect(jsonBytes(cut)).toBeLessThanOrEqual(Math.max(max, 5));
        if (jsonBytes(text) <= max) expect(cut).toBe(text);
        else expect(text.startsWith(cut.slice(0, -1))).toBe(true);
      },
    ),
  );
});

it('a list keeps its order and gives up its highest ranks first', () => {
  const items = [3, 1, 2, 0, 4];
  expect(fitList(items, 6, (rank) => rank)).toEqual({ kept: [1, 2, 0], omitted: 2 });
  expect(fitList(items, 100, (rank) => rank)).toEqual({ kept: items, omitted: 0 });
});
