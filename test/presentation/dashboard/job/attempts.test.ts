import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { attemptsOf } from '../../../../src/presentation/dashboard/page/job/model/attempts.ts';
import { phasesOf } from '../../../../src/presentation/dashboard/page/job/model/jobPhases.ts';
import { secondsOf } from '../../../../src/presentation/dashboard/page/job/model/taskTimes.ts';
import { rowsOf } from '../../../../src/presentation/dashboard/page/job/model/waterfallRows.ts';
import type { WireEvent } from '../../../../src/presentation/dashboard/page/job/model/wire.ts';
import { twelveTasks } from './support/sampleJob.ts';

const TYPES = [
  'task.ready',
  'task.started',
  'task.verifying',
  'task.repairing',
  'task.retrying',
  'task.done',
  'task.failed',
  'task.held',
  'task.skipped',
  'approval.requested',
  'approval.changed',
  'task.parked',
  'task.resumed',
  'job.recovered',
  'job.status',
  'job.planned',
  'integration.merged',
  'conflict.found',
  'conflict.resolved',
  'job.verified',
  'baseline.finished',
  'something.new',
];
/** Any order of happenings, sensible or not, with a clock that may jump back. */
const history = fc
  .array(
    fc.record({
      type: fc.constantFrom(...TYPES),
      task_id: fc.constantFrom('a', 'b', 'c', '__proto__'),
      lane: fc.nat(2),
      attempt: fc.nat(5),
      step: fc.integer({ min: -2000, max: 9000 }),
      delay_ms: fc.nat(60_000),
      seconds: fc.nat(90),
      approval_id: fc.constantFrom('apr_1', 'apr_2'),
      status: fc.constantFrom('superseded', 'approved', 'denied'),
      to: fc.constantFrom('running', 'integrating', 'failed', 'succeeded'),
      error: fc.constantFrom({ code: 'API_RATE_LIMIT', message: 'm', hint: 'h' }, null, 'odd'),
    }),
    { maxLength: 80 },
  )
  .map((steps): readonly WireEvent[] => {
    let at = Date.UTC(2026, 0, 1);
    return steps.map(({ step, ...fields }, index) => {
      at += step;
      return { ...fields, seq: index + 1, at: new Date(at).toISOString() };
    });
  });
const NOW = Date.UTC(2026, 0, 2);

describe('attempts out of events', () => {
  test('every started attempt has exactly one bar', () => {
    fc.assert(
      fc.property(history, (events) => {
        const started = events.filter((event) => event.type === 'task.started');
        const attempts = attemptsOf(events, NOW);
        expect(attempts.map((attempt) => attempt.key).toSorted()).toEqual(
          started.map((event) => `${event.seq}:${String(event.task_id)}`).toSorted(),
        );
        const drawn = rowsOf(attempts, []).flatMap((row) => row.bars.map((bar) => bar.key));
        expect(drawn.toSorted()).toEqual(attempts.map((attempt) => attempt.key).toSorted());
      }),
    );
  });

  test('segments of one attempt fill it without a gap and never overlap', () => {
    fc.assert(
      fc.property(history, (events) => {
        for (const { from, to, segments } of attemptsOf(events, NOW)) {
          let at = from;
          for (const segment of segments) {
            expect(segment.from).toBe(at);
            expect(segment.to).toBeGreaterThanOrEqual(segment.from);
            at = segment.to;
          }
          expect(at).toBe(to);
        }
      }),
    );
  });

  test('no bar hides another one of its row', () => {
    fc.assert(
      fc.property(history, (events) => {
        for (const row of rowsOf(attemptsOf(events, NOW), phasesOf(events, NOW))) {
          let end = Number.NEGATIVE_INFINITY;
          for (const bar of row.bars) {
            expect(bar.from).toBeGreaterThanOrEqual(end);
            expect(bar.to).toBeGreaterThanOrEqual(bar.from);
            end = bar.to;
          }
        }
      }),
    );
  });

  test('a rate limit is a pause behind its attempt, a repair a stretch of its own, a hold an end', () => {
    const attempts = attemptsOf(twelveTasks(NOW, true).events, NOW);
    const of = (task: string) => attempts.filter((attempt) => attempt.taskId === task);
    const [limited, again] = of('cli-flags');
    expect(limited).toMatchObject({ outcome: 'retrying', pause: { rateLimited: true } });
    expect((limited?.pause?.to ?? 0) - (limited?.pause?.from ?? 0)).toBe(30_000);
    expect(again).toMatchObject({ outcome: 'done', attempt: 2 });
    expect(of('csv')[0]?.segments.map((segment) => segment.kind)).toEqual([
      'working',
      'verifying',
      'repairing',
      'verifying',
      'repairing',
      'verifying',
    ]);
    expect(of('json').map((attempt) => attempt.outcome)).toEqual(['held', 'done']);
  });

  test('the time in which the server was down is nobody’s work', () => {
    const at = (seconds: number): string => new Date(NOW + seconds * 1000).toISOString();
    const [attempt] = attemptsOf(
      [
        { seq: 1, at: at(0), type: 'task.started', task_id: 'a', attempt: 1, lane: 0 },
        { seq: 2, at: at(5), type: 'tool.judged', task_id: 'a', attempt: 1 },
        { seq: 3, at: at(9000), type: 'job.recovered', tasks_in_flight: 1 },
      ],
      NOW,
    );
    expect(attempt).toMatchObject({ outcome: 'interrupted', to: NOW + 5000 });
  });

  const asked = (parked: boolean): readonly WireEvent[] => {
    const at = (seconds: number): string => new Date(NOW + seconds * 1000).toISOString();
    const task = { task_id: 'a', attempt: 1 };
    const event = (seconds: number, type: string, fields: object = {}) => ({
      at: at(seconds),
      type,
      ...task,
      ...fields,
    });
    return [
      event(0, 'task.started', { lane: 0 }),
      event(10, 'approval.requested', { approval_id: 'apr_1' }),
      ...(parked ? [event(130, 'task.parked'), event(140, 'job.recovered')] : []),
      event(200, 'approval.changed', { approval_id: 'apr_1', status: 'approved' }),
      ...(parked ? [event(230, 'task.resumed')] : []),
      event(300, 'task.done'),
    ].map((one, index) => ({ ...one, seq: index + 1 }));
  };

  test('the time in which a call waits for a person is a stretch of its own, which is nobody’s work', () => {
    const attempts = attemptsOf(asked(false), NOW);
    expect(attempts[0]?.segments).toEqual([
      { kind: 'working', from: NOW, to: NOW + 10_000 },
      { kind: 'asking', from: NOW + 10_000, to: NOW + 200_000 },
      { kind: 'working', from: NOW + 200_000, to: NOW + 300_000 },
    ]);
    expect(secondsOf({ status: 'running', seconds: 0 }, attempts, NOW)).toBe(110);
  });

  test('a parked attempt outlives a restart and waits until its worker is back', () => {
    const attempts = attemptsOf(asked(true), NOW);
    expect(attempts).toHaveLength(1);
    expect(attempts[0]?.outcome).toBe('done');
    expect(attempts[0]?.segments.map(({ kind, to }) => [kind, (to - NOW) / 1000])).toEqual([
      ['working', 10],
      ['asking', 230],
      ['working', 300],
    ]);
  });

  test('a parked worker that is started again goes on in a bar of its own', () => {
    const events = asked(true).map((event) =>
      event.type === 'task.resumed' ? { ...event, type: 'task.started', lane: 2 } : event,
    );
    expect(
      attemptsOf(events, NOW).map(({ outcome, lane, to }) => [outcome, lane, (to - NOW) / 1000]),
    ).toEqual([
      ['parked', 0, 230],
      ['done', 2, 300],
    ]);
  });

  test('integration and final check have rows of their own', () => {
    const events = twelveTasks(NOW, true).events;
    const labels = rowsOf(attemptsOf(events, NOW), phasesOf(events, NOW)).map((row) => row.label);
    expect(labels).toEqual([
      'Planning',
      'Worker 1',
      'Worker 2',
      'Worker 3',
      'Worker 4',
      'Base checks',
      'Integration',
      'Conflicts',
      'Final check',
    ]);
  });
});
