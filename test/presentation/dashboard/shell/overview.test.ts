import { describe, expect, it } from 'vitest';
import {
  announcement,
  arrange,
  countsOf,
  LATELY_MS,
  matching,
  mergeFetched,
} from '../../../../src/presentation/dashboard/page/data/overview.ts';
import type { JobRow } from '../../../../src/presentation/wire/jobList.ts';

const NOW = Date.parse('2026-03-01T12:00:00.000Z');
const at = (minutesAgo: number): string => new Date(NOW - minutesAgo * 60_000).toISOString();

const row = (id: string, part: Partial<JobRow>): JobRow => ({
  job_id: id,
  status: 'running',
  request: `request ${id}`,
  workspace: '/repos/shop',
  progress: { done: 0, total: 4, percent: 0 },
  cost_usd: 0,
  created_at: at(10),
  ...part,
});

const ids = (rows: readonly JobRow[]): readonly string[] => rows.map(({ job_id }) => job_id);
const nothing: ReadonlySet<string> = new Set();

describe('the overview', () => {
  it('shows first what waits for a person, the longest waiting on top, then what failed lately', () => {
    const rows = [
      row('old failure', { status: 'failed', ended_at: new Date(NOW - LATELY_MS - 1).toISOString() }),
      row('early failure', { status: 'failed', ended_at: at(300) }),
      row('waits briefly', { attention: 'decide', created_at: at(5) }),
      row('late failure', { status: 'failed', ended_at: at(3) }),
      row('waits long', { attention: 'decide', created_at: at(60) }),
      row('ended, undecided', {
        status: 'succeeded',
        attention: 'dirty',
        created_at: at(30),
        ended_at: at(20),
      }),
    ];
    expect(ids(arrange(rows, NOW, nothing).wants)).toEqual([
      'waits long',
      'ended, undecided',
      'waits briefly',
      'late failure',
      'early failure',
    ]);
  });

  it('keeps the running ones in the order of their start, whatever they do meanwhile', () => {
    const rows = [
      row('first', { created_at: at(30) }),
      row('second', { created_at: at(20), status: 'integrating' }),
    ];
    const before = ids(arrange(rows, NOW, nothing).running);
    const later = rows.map((each) => ({
      ...each,
      cost_usd: 3,
      progress: { done: 3, total: 4, percent: 75 },
    }));
    expect(before).toEqual(['second', 'first']);
    expect(ids(arrange(later.toReversed(), NOW, nothing).running)).toEqual(before);
  });

  it('shows each unfinished job once', () => {
    const { wants, running, ended } = arrange(
      [row('a', { attention: 'decide' }), row('b', {})],
      NOW,
      nothing,
    );
    expect([ids(wants), ids(running), ids(ended)]).toEqual([['a'], ['b'], []]);
  });

  it('puts aside what a person has seen, which stays among the ended', () => {
    const rows = [row('a', { status: 'failed', ended_at: at(3) })];
    const { wants, ended } = arrange(rows, NOW, new Set(['a']));
    expect([ids(wants), ids(ended)]).toEqual([[], ['a']]);
  });

  it('orders what ended by its end', () => {
    const rows = [
      row('long', { status: 'succeeded', created_at: at(500), ended_at: at(1) }),
      row('short', { status: 'cancelled', created_at: at(50), ended_at: at(40) }),
    ];
    expect(ids(arrange(rows, NOW, nothing).ended)).toEqual(['long', 'short']);
  });

  it('counts the same jobs that it shows', () => {
    const rows = [
      row('a', { attention: 'decide' }),
      row('b', {}),
      row('c', { status: 'planning' }),
      row('d', { status: 'failed', ended_at: at(1) }),
      row('e', { status: 'succeeded', ended_at: at(1) }),
    ];
    expect(countsOf(rows, NOW, nothing, 4)).toEqual({ approvals: 4, wants: 1, failed: 1, running: 2 });
  });

  it('finds by every word, in request, folder, branch and id', () => {
    const rows = [
      row('job_1', { request: 'Fix the Tests', branch: 'orchestrator/job_1' }),
      row('job_2', { workspace: '/repos/api' }),
    ];
    expect(ids(matching(rows, 'tests SHOP'))).toEqual(['job_1']);
    expect(ids(matching(rows, 'api'))).toEqual(['job_2']);
    expect(ids(matching(rows, 'orchestrator/job_1'))).toEqual(['job_1']);
    expect(ids(matching(rows, '  '))).toEqual(['job_1', 'job_2']);
  });
});

describe('rows from two sources', () => {
  it('never lets a list that was asked for earlier undo what the stream told since', () => {
    const current = new Map([['a', row('a', { status: 'succeeded' })]]);
    const merged = mergeFetched(current, [row('a', {}), row('b', {})], new Set(['a']));
    expect(merged.get('a')?.status).toBe('succeeded');
    expect(merged.get('b')?.status).toBe('running');
    expect(current.size).toBe(1);
  });
});

describe('what a screen reader is told', () => {
  const running = row('a', { request: 'Fix it' });

  it('is what one would act on: a decision that is wanted, an end', () => {
    expect(announcement(running, { ...running, attention: 'Say yes?' })).toBe('Fix it: wants you. Say yes?');
    expect(announcement(running, { ...running, status: 'failed' })).toBe('Fix it: failed.');
  });

  it('is not progress, not what was there at the start, and not the same twice', () => {
    const waiting = { ...running, attention: 'Say yes?' };
    expect(announcement(running, { ...running, cost_usd: 9 })).toBeUndefined();
    expect(announcement(undefined, waiting)).toBeUndefined();
    expect(announcement(waiting, waiting)).toBeUndefined();
    expect(announcement({ ...running, status: 'failed' }, { ...running, status: 'failed' })).toBeUndefined();
  });
});
