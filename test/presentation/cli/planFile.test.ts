import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { TaskValidationError } from '../../../src/domain/errors/index.ts';
import { parsePlan } from '../../../src/presentation/cli/plan/readPlan.ts';
import { submitInputSchema } from '../../../src/presentation/wire/jobSpec.ts';

const errorOf = (text: string): TaskValidationError => {
  try {
    parsePlan(text, 'plan.yaml');
  } catch (error) {
    if (error instanceof TaskValidationError) return error;
    throw error;
  }
  throw new Error('it was taken');
};

describe('a mistake is named with its line and column', () => {
  test.each([
    [
      'request: x\ntasks:\n  - id: a\n    promt: y\n',
      ['plan.yaml:3:5: tasks[0].prompt: ', 'plan.yaml:4:5: tasks[0].promt: there is no such field'],
    ],
    ['request: x\nmax_workers: 0\n', ['plan.yaml:2:14: max_workers: ']],
    ['request: 3\n', ['plan.yaml:1:10: request: ']],
    [
      'request: x\ntasks:\n  - prompt: y\n    depends_on: [a, "../b"]\n',
      ['plan.yaml:4:21: tasks[0].depends_on[1]: '],
    ],
    ['request: [x\n', ['plan.yaml:2:1: ']],
    ['request: x\nrequest: y\n', ['plan.yaml:2:1: ']],
    ['a: &a [*b]\n', ['plan.yaml:1:8: ']],
    ['{ "request": "x",\n  "verify": 1 }', ['plan.yaml:2:13: verify: ']],
    ['- x\n', ['plan.yaml:1:1: ']],
    ['', ['plan.yaml:1:1: ']],
    ['just text', ['plan.yaml:1:1: ']],
    ['request: x\n---\nrequest: y\n', ['plan.yaml:2:1: ']],
    [
      'x: &t { prompt: p, writes: [/abs] }\ntasks: [*t]\n',
      ['plan.yaml:1:29: tasks[0].writes[0]: ', 'plan.yaml:1:1: x: there is no such field'],
    ],
  ])('%j', (text, problems) => {
    const { message, code } = errorOf(text);
    expect(code).toBe('TASK_VALIDATION');
    for (const problem of problems) expect(message).toContain(problem);
  });
});

test('a plan is taken whole: block texts, anchors, JSON with tabs', () => {
  expect(parsePlan('request: |\n  two\n  lines\ntasks:\n  - &a { prompt: x }\n  - *a\n', 'p')).toMatchObject({
    request: 'two\nlines\n',
    tasks: [{ prompt: 'x' }, { prompt: 'x' }],
  });
  expect(
    parsePlan('{\n\t"$schema": "plan.schema.json",\n\t"request":\t"x",\n\t"apply": "merge"\n}', 'p'),
  ).toMatchObject({
    request: 'x',
    apply: 'merge',
  });
});

test('any text gives a plan or the typed error, in a time that does not run away', () => {
  const yamlish = fc.oneof(
    fc.string({ maxLength: 200 }),
    fc
      .array(
        fc.constantFrom(
          'request',
          'tasks',
          ': ',
          '- ',
          '\n',
          '  ',
          '&a ',
          '*a',
          '[',
          ']',
          '{',
          '}',
          '!!int ',
          '|',
          '>',
          '"',
          "'",
          '#',
          '? ',
          '<<',
          '__proto__',
          '\t',
          '0x1',
          '.inf',
          '---',
          '%YAML 1.1',
        ),
        { maxLength: 60 },
      )
      .map((parts) => parts.join('')),
    fc.jsonValue().map((value) => stringify(value)),
    fc.record({ request: fc.anything(), tasks: fc.anything() }).map((value) => {
      try {
        return stringify(value);
      } catch {
        return '';
      }
    }),
  );
  fc.assert(
    fc.property(yamlish, (text) => {
      try {
        const plan = parsePlan(text, 'p');
        // What is taken here the server takes as well, once there is a request and a workspace.
        const whole = { request: 'r', workspace: '/w', ...plan };
        expect(submitInputSchema.safeParse(whole).error).toBeUndefined();
      } catch (error) {
        expect(error).toBeInstanceOf(TaskValidationError);
      }
    }),
    { numRuns: 1500 },
  );
});

test('aliases and nesting without end are errors, not an end of the program', () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
    .split('')
    .map((name, at) => `${name}: &${name} [${`*${'abcdefgh'[at]},`.repeat(9)}]`)
    .join('\n')}\n`;
  expect(errorOf(bomb).message).toMatch(/alias/i);
  expect(errorOf('['.repeat(100_000)).code).toBe('TASK_VALIDATION');
  expect(errorOf(`request: x\ntasks:\n${'  - promt: x\n'.repeat(300)}`).message).toContain('and 580 more');
});
