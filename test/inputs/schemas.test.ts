import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { approvalIdSchema, jobIdSchema, taskIdSchema } from '../../src/domain/ids.ts';
import { TOOLS } from '../../src/presentation/mcp/tools/index.ts';
import { HOSTILE } from './hostile.ts';

const ID = /^(job|apr)_[0-9a-hjkmnp-tv-z]{16}$/;
const hostile = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary' }));

test('an id that is let through can name nothing but itself in a path, a branch, an argument or a query', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      for (const schema of [jobIdSchema, approvalIdSchema])
        if (schema.safeParse(text).success) expect(text).toMatch(ID);
      if (taskIdSchema.safeParse(text).success)
        expect(text).toMatch(/^[A-Za-z0-9](?!.*\.\.)[A-Za-z0-9._-]*$/);
    }),
    { numRuns: 5_000, examples: HOSTILE.map((one) => [one] as [string]) },
  );
});

const shapeOf = (schema: z.ZodType): Readonly<Record<string, z.ZodType>> =>
  schema instanceof z.ZodObject
    ? Object.fromEntries(
        Object.entries(schema.shape).filter(
          (entry): entry is [string, z.ZodType] => entry[1] instanceof z.ZodType,
        ),
      )
    : {};

/** Texts of callers that are data for people and models; nothing else of theirs is free. */
const FREE = new Set([
  'request',
  'message',
  'reason',
  'setup',
  'verify',
  'workspace',
  'idempotency_key',
  'cursor',
  'code',
  'search',
  'query',
]);

describe.each(TOOLS.map((tool) => [tool.name, tool] as const))('the arguments of %s', (_name, tool) => {
  const fields = Object.entries(shapeOf(tool.input));

  test('refuse a hostile text in every field that is not free text', () => {
    for (const [name, schema] of fields) {
      if (FREE.has(name)) continue;
      for (const text of HOSTILE) {
        const passed = schema.safeParse(text);
        expect([name, text, passed.success && passed.data === text]).toEqual([name, text, false]);
      }
    }
  });

  test('refuse a field that they do not have', () => {
    const extra = tool.input.safeParse({ approved_by: 'person', role: 'admin' });
    expect(extra.success).toBe(false);
  });
});

test('there are tools, with fields that are refused and fields that are free', () => {
  const names = new Set(TOOLS.flatMap((tool) => Object.keys(shapeOf(tool.input))));
  for (const name of ['job_id', 'task_id', 'priority', 'model', 'request', 'workspace', 'cursor'])
    expect([...names]).toContain(name);
});
