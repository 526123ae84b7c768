import { expect, test } from 'vitest';
import {
  decidedText,
  noContentText,
  statusLook,
} from '../../../../src/presentation/dashboard/page/pages/approvals/words.ts';

test('a denial that was used up looks denied, and only what ran looks as if it ran', () => {
  expect(statusLook({ status: 'used', decision: 'deny' })).toEqual(statusLook({ status: 'denied' }));
  expect(statusLook({ status: 'used', decision: 'approve' }).word).toBe('Approved, and it ran');
  expect(statusLook({ status: 'expired', decision: 'approve' }).word).toContain('Expired');
});

test('who decided stands with the proof and the reason', () => {
  expect(
    decidedText({
      ...{ decision: 'deny', decided_by: 'person', channel: 'passkey', decision_reason: 'keep it' },
    }),
  ).toBe('Denied by person by passkey: keep it');
  expect(decidedText({ decision: 'approve', decided_by: 'key:x', channel: 'key' })).toBe(
    'Approved by key:x by API key',
  );
  expect(decidedText({})).toBeUndefined();
});

test('what has no content is a folder or not there, as far as the call touches it', () => {
  const file = { path: 'old', real_path: '/w/old', sha256: null };
  const touch = { path: '/w/old', access: 'delete', files: 3 } as const;
  expect(noContentText(file, [{ ...touch, exists: true }])).toBe('a folder');
  expect(noContentText(file, [{ ...touch, exists: false }])).toBe('not there');
  expect(noContentText(file, [])).toBe('no content');
});
