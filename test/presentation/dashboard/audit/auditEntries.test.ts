import { describe, expect, it } from 'vitest';
import {
  detailLines,
  entriesWith,
  withNewest,
} from '../../../../src/presentation/dashboard/page/pages/audit/auditEntries.ts';
import type { AuditEntryAnswer } from '../../../../src/presentation/wire/audit.ts';

const entry = (seq: number, part: Partial<AuditEntryAnswer> = {}): AuditEntryAnswer => ({
  seq,
  at: '2026-01-01T00:00:00.000Z',
  type: 'approval.approved',
  actor: 'person',
  detail: {},
  hash: 'a'.repeat(64),
  ...part,
});
const seqs = (rows: readonly AuditEntryAnswer[]): readonly number[] => rows.map(({ seq }) => seq);

describe('the audit page', () => {
  it('finds by every word in type, actor and what it is about', () => {
    const rows = [entry(3, { job_id: 'job_1' }), entry(2, { type: 'key.created' }), entry(1)];
    expect(seqs(entriesWith(rows, 'approval job_1'))).toEqual([3]);
    expect(seqs(entriesWith(rows, 'KEY'))).toEqual([2]);
    expect(seqs(entriesWith(rows, ''))).toEqual([3, 2, 1]);
  });

  it('adds what is newer without a gap or a double, and forgets what it cannot connect', () => {
    const before = [entry(5), entry(4), entry(3)];
    expect(seqs(withNewest(before, [entry(7), entry(6), entry(5)]))).toEqual([7, 6, 5, 4, 3]);
    expect(seqs(withNewest(before, [entry(7), entry(6)]))).toEqual([7, 6, 5, 4, 3]);
    expect(seqs(withNewest(before, [entry(9), entry(8)]))).toEqual([9, 8]);
    expect(seqs(withNewest([], [entry(2), entry(1)]))).toEqual([2, 1]);
  });

  it('shows a detail a line a name, cut where it is long', () => {
    expect(detailLines({ channel: 'passkey', uses: 3, list: ['a'] })).toEqual([
      { name: 'channel', value: 'passkey' },
      { name: 'uses', value: '3' },
      { name: 'list', value: '["a"]' },
    ]);
    expect(detailLines({ long: 'x'.repeat(5000) })[0]?.value).toHaveLength(401);
  });
});
