import { EventEmitter, once } from 'node:events';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Logger } from '../../../src/application/ports/logger.ts';
import { InternalError, RateLimitError } from '../../../src/domain/errors/index.ts';
import { createLogger, type LoggerOptions } from '../../../src/infrastructure/telemetry/logger.ts';

const entrySchema = z.strictObject({
  timestamp: z.iso.datetime(),
  level: z.enum(['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL']),
  category: z.enum(['SYSTEM', 'WORKER', 'TASK', 'API', 'SECURITY']),
  message: z.string(),
  logger: z.string(),
  context: z.record(z.string(), z.unknown()).optional(),
  performance: z
    .strictObject({
      operation: z.string(),
      duration_ms: z.number().optional(),
      success: z.boolean().optional(),
    })
    .optional(),
});

const logged = async (use: (log: Logger) => unknown, over: Partial<LoggerOptions> = {}) => {
  const lines: string[] = [];
  const stream = { write: (line: string) => lines.push(line) };
  await use(await createLogger({ level: 'DEBUG', format: 'json', stream, now: () => 0, ...over }));
  return {
    lines,
    text: lines.join(''),
    entries: () => lines.map((line) => entrySchema.parse(JSON.parse(line))),
  };
};

describe('an entry', () => {
  test('has the form of the specification', async () => {
    const { entries } = await logged((log) =>
      log.warning('WORKER', 'slow start', {
        logger: 'lanes',
        performance: { operation: 'spawn', durationMs: 12.345, success: true },
        lanePid: 7,
      }),
    );
    expect(entries()).toEqual([
      {
        timestamp: '1970-01-01T00:00:00.000Z',
        level: 'WARNING',
        category: 'WORKER',
        message: 'slow start',
        logger: 'lanes',
        context: { lane_pid: 7 },
        performance: { operation: 'spawn', duration_ms: 12.35, success: true },
      },
    ]);
  });

  test.each([
    ['DEBUG', 5],
    ['INFO', 4],
    ['WARNING', 3],
    ['ERROR', 2],
    ['CRITICAL', 1],
  ] as const)('is written from level %s on', async (level, count) => {
    const { entries } = await logged(
      (log) => {
        log.debug('SYSTEM', 'm');
        log.info('SYSTEM', 'm');
        log.warning('SYSTEM', 'm');
        log.error('SYSTEM', 'm');
        log.critical('SYSTEM', 'm');
      },
      { level },
    );
    expect(entries()).toHaveLength(count);
    expect(entries()[0]?.level).toBe(level);
  });

  test('carries the ids of its work across awaits, and those of no other work', async () => {
    const turns = new EventEmitter();
    const { entries } = await logged((log) => {
      const task = (taskId: string) =>
        log.within({ taskId, attempt: 1 }, async () => {
          await once(turns, 'turn');
          log.info('TASK', taskId, { jobId: 'forged' });
        });
      const work = log.within({ jobId: 'job_1' }, () => Promise.all([task('a'), task('b')]));
      log.info('SYSTEM', 'outside');
      turns.emit('turn');
      return work;
    });
    const context = (message: string) => entries().find((entry) => entry.message === message)?.context;
    expect(context('outside')).toBeUndefined();
    expect(context('a')).toEqual({ job_id: 'job_1', task_id: 'a', attempt: 1 });
    expect(context('b')).toEqual({ job_id: 'job_1', task_id: 'b', attempt: 1 });
  });
});

describe('errors', () => {
  test('are message and code, ours with their hint, causes included', async () => {
    const cause = Object.assign(new TypeError('inner'), { code: 'EPIPE' });
    const error = new InternalError('outer', { hint: 'do that', cause, context: { apiKey: 'CANARY' } });
    const { entries, text } = await logged((log) => log.error('SYSTEM', 'failed', { error }), {
      level: 'INFO',
    });
    expect(entries()[0]?.context?.error).toEqual({
      name: 'InternalError',
      message: 'outer',
      code: 'INTERNAL',
      hint: 'do that',
      retryable: false,
      context: { apiKey: '[redacted]' },
      cause: { name: 'TypeError', message: 'inner', code: 'EPIPE' },
    });
    expect(text).not.toContain('CANARY');
  });

  test('as records stay records', async () => {
    const error = new RateLimitError('busy', { hint: 'wait' }).toRecord();
    const { entries } = await logged((log) => log.info('API', 'no', { error }));
    expect(entries()[0]?.context?.error).toEqual(error);
  });

  test('never bring a source line of 30,000 characters, not even with frames', async () => {
    const error = new Error('x');
    error.stack = `file.mjs:1\n${'minified;'.repeat(4000)}\n^\nError: x\n    at run (file.mjs:1:2)`;
    const { text, entries } = await logged((log) => log.error('SYSTEM', 'y'.repeat(30_000), { error }));
    expect(text).not.toContain('minified');
    expect(text.length).toBeLessThan(5000);
    expect(entries()[0]?.context?.error).toMatchObject({ stack: ['at run (file.mjs:1:2)'] });
  });
});

describe('secrets are redacted', () => {
  const secret = `sk-ant-${'api03-CANARY0123456789'}`;
  const wraps: readonly ((inner: unknown) => unknown)[] = [
    (inner) => ({ inner }),
    (inner) => [inner],
    (inner) => new Map([['k', inner]]),
    (inner) => new Set([inner]),
    (inner) => new Error('e', { cause: inner }),
  ];
  const leaves: readonly (() => unknown)[] = [
    () => secret,
    () => ({ password: 'CANARY' }),
    () => ({ env: { DEPLOY_KEY: ['CANARY'] } }),
    () => new Error(`Bearer CANARY0123456789`),
    () => 'known-CANARY-value',
    () => ({ [secret]: 1 }),
    () => new URL('https://me:CANARY@example.org/'),
    () => Buffer.from('CANARY'),
  ];

  test('by name and by form, at any depth, in both formats', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...wraps), { maxLength: 12 }),
        fc.constantFrom(...leaves),
        fc.constantFrom('json' as const, 'pretty' as const),
        async (path, leaf, format) => {
          const data = path.reduce<unknown>((inner, wrap) => wrap(inner), leaf());
          const { text } = await logged(
            (log) =>
              log.info('SECURITY', `told ${secret}`, {
                data,
                logger: secret,
                performance: { operation: secret },
              }),
            { format, env: { MY_TOKEN: 'known-CANARY-value' } },
          );
          expect(text).not.toBe('');
          expect(text).not.toContain('CANARY');
        },
      ),
    );
  });

  test('whether there are credentials stays readable, and so do token counts', async () => {
    const { entries } = await logged((log) =>
      log.info('WORKER', 'm', { credentials: false, tokens: { input: 5 } }),
    );
    expect(entries()[0]?.context).toEqual({ credentials: false, tokens: { input: 5 } });
  });
});

test('nothing that is logged makes it throw, or the line long', async () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  const odd = [
    circular,
    Object.create(null),
    Symbol('s'),
    1n,
    () => 1,
    new Date(Number.NaN),
    new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error();
        },
      },
    ),
  ];
  const { entries } = await logged((log) => log.info('SYSTEM', 'odd', { odd }));
  expect(entries()[0]?.context?.odd).toMatchObject([
    { self: '[circular]' },
    {},
    '[symbol]',
    '1',
    '[function]',
    null,
    '[unreadable]',
  ]);
  await fc.assert(
    fc.asyncProperty(
      fc.object({
        maxDepth: 8,
        withBigInt: true,
        withDate: true,
        withMap: true,
        withSet: true,
        withTypedArray: true,
        withNullPrototype: true,
      }),
      async (data) => {
        const { lines } = await logged((log) => log.info('SYSTEM', 'm', { data }));
        expect(lines).toHaveLength(1);
      },
    ),
  );
  const huge = Object.fromEntries(
    Array.from({ length: 500 }, (_, i) => [`k${i}`, Array.from({ length: 500 }, () => 'v'.repeat(500))]),
  );
  const { text } = await logged((log) => log.info('SYSTEM', 'huge', huge));
  expect(text.length).toBeLessThan(40_000);
});

test('pretty lines are written before the call returns, coloured only when asked', async () => {
  const { lines } = await logged((log) => log.error('API', 'hello', { port: 1 }), { format: 'pretty' });
  expect(lines).toEqual([expect.stringMatching(/ERROR.*API hello.*"port":1/)]);
  expect(lines.join('')).not.toContain('\u001b');
  const { text } = await logged((log) => log.error('API', 'hello'), { format: 'pretty', color: true });
  expect(text).toContain('\u001b[');
});
