import fc from 'fast-check';
import { expect, test } from 'vitest';
import { taskStatusSchema } from '../../../src/domain/task.ts';
import { durationText, moneyText } from '../../../src/presentation/cli/figures.ts';
import { cellsOf, fit, padTo } from '../../../src/presentation/cli/fit.ts';
import { createFrame } from '../../../src/presentation/cli/live/frame.ts';
import { jobLines } from '../../../src/presentation/cli/live/jobLines.ts';
import { painter } from '../../../src/presentation/cli/terminal.ts';
import type { WholeJobAnswer } from '../../../src/presentation/wire/wholeJob.ts';
import { CREATED, createHarness } from './support/harness.ts';
import { createVirtualScreen } from './support/virtualScreen.ts';

const whole = async (...ids: string[]): Promise<WholeJobAnswer> => {
  const cli = createHarness();
  return cli.client.whole(await cli.submit(...ids));
};

const lineArb = fc.array(fc.string({ unit: fc.constantFrom('a', 'é', '█', '✓', '-'), maxLength: 19 }), {
  maxLength: 9,
});

test('whatever was drawn before, only the last lines stand, and text above them stays', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(lineArb, fc.option(fc.constantFrom('said\n', 'two\nlines\n'), { nil: undefined }))),
      (steps) => {
        const screen = createVirtualScreen(20, 100);
        const frame = createFrame(screen.write, () => 20);
        let above = '';
        for (const [lines, text] of steps) {
          frame.draw(lines);
          if (text !== undefined) frame.above(text);
          above += text ?? '';
          expect(screen.lines()).toEqual(
            (above + lines.join('\n'))
              .split('\n')
              .map((line) => line.trimEnd())
              .join('\n')
              .trimEnd()
              .split('\n'),
          );
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('a terminal that became narrower or wider shows the lines once', () => {
  const screen = createVirtualScreen(30, 100);
  let columns = 30;
  const frame = createFrame(screen.write, () => columns);
  frame.draw(['a'.repeat(29), 'b'.repeat(12), 'c']);
  for (const width of [10, 7, 40]) {
    columns = width;
    screen.resize(width);
    frame.draw(['x'.repeat(width - 1), 'y'.repeat(3)]);
    expect(screen.lines()).toEqual(['x'.repeat(width - 1), 'yyy']);
  }
});

test('nothing is written where nothing changed, and a line is never blanked before its new text', () => {
  const writes: string[] = [];
  const frame = createFrame(
    (text) => writes.push(text),
    () => 20,
  );
  frame.draw(['a', 'b']);
  frame.draw(['a', 'b']);
  expect(writes).toHaveLength(1);
  frame.draw(['a', 'c']);
  expect(writes).toHaveLength(2);
  const second = writes[1] ?? '';
  expect(second.indexOf('c')).toBeLessThan(second.indexOf('\u001b[J'));
  expect(second.startsWith('\u001b[?2026h')).toBe(true);
  expect(second.endsWith('\u001b[?2026l')).toBe(true);
});

test('a job never takes more room than there is, whatever its tasks are called', async () => {
  const job = await whole('t1');
  const [task] = job.tasks;
  if (task === undefined) throw new Error('no task');
  const taskArb = fc.record({
    id: fc.string({ minLength: 1, maxLength: 64, unit: 'binary' }),
    title: fc.string({ maxLength: 120, unit: 'grapheme' }),
    status: fc.constantFrom(...taskStatusSchema.options),
    seconds: fc.nat(1e6),
    cost_usd: fc.double({ min: 0, max: 9999, noNaN: true }),
  });
  fc.assert(
    fc.property(
      fc.array(taskArb, { maxLength: 60 }),
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 2, max: 60 }),
      (tasks, columns, rows) => {
        const paint = painter(false);
        const lines = jobLines(
          { ...job, tasks: tasks.map((one) => ({ ...task, ...one })) },
          { columns, rows, now: CREATED, paint },
        );
        expect(lines.length).toBeLessThanOrEqual(rows - 1);
        for (const line of lines) {
          expect(cellsOf(line)).toBeLessThanOrEqual(Math.max(2, columns - 1));
          expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('where not all tasks fit, what failed and what runs is shown, in the order of the plan', async () => {
  const job = await whole(...Array.from({ length: 30 }, (_, at) => `t${at}`));
  const tasks = job.tasks.map((task, at) => ({
    ...task,
    status:
      at === 29
        ? ('failed' as const)
        : at === 20
          ? ('running' as const)
          : at < 5
            ? ('done' as const)
            : ('waiting' as const),
    ...(at === 20 ? { started_at: new Date(CREATED).toISOString() } : {}),
  }));
  const lines = jobLines(
    { ...job, tasks },
    { columns: 80, rows: 8, now: CREATED + 5000, paint: painter(false) },
  );
  expect(lines.slice(2).map((line) => line.trimEnd())).toEqual([
    '· t5   do t5',
    '· t6   do t6',
    expect.stringMatching(/^● t20 {2}do t20 .* 5s$/),
    '✗ t29  do t29',
    '… and 26 more: 21 waiting · 5 done',
  ]);
});

test('figures and widths', () => {
  expect([-1, 0, 59.9, 60, 3599, 3600, 90_061].map(durationText)).toEqual([
    '0s',
    '0s',
    '59s',
    '1m 00s',
    '59m 59s',
    '1h 00m',
    '25h 01m',
  ]);
  expect([0, 0.001, 0.01, 12.345].map(moneyText)).toEqual(['$0.00', '<$0.01', '$0.01', '$12.35']);
  expect(fit('日本語', 5)).toBe('日本…');
  expect(cellsOf(padTo('日本語', 7))).toBe(7);
  expect(fit('abc', 3)).toBe('abc');
  expect(fit('abc', 0)).toBe('');
});
