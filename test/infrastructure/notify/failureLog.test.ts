import { expect, test } from 'vitest';
import { failureLog } from '../../../src/infrastructure/notify/failureLog.ts';
import { watched } from './support.ts';

test('failures are logged once a minute, and how many were not said', () => {
  const { deps, time, warnings } = watched();
  const failed = failureLog(deps.logger, deps.clock, 'the webhook failed');
  failed('first');
  for (const why of ['second', 'third', 'fourth']) failed(why);
  expect(warnings).toEqual([{ message: 'the webhook failed', fields: { why: 'first' } }]);
  time.now += 59_999;
  failed('fifth');
  expect(warnings).toHaveLength(1);
  time.now += 1;
  failed('x'.repeat(1000));
  expect(warnings[1]).toEqual({
    message: 'the webhook failed',
    fields: { why: 'x'.repeat(300), unsaid: 4 },
  });
});
