import { expect, test } from 'vitest';
import { repairPrompt } from '../../../src/application/verifying/repairPrompt.ts';

test('a repair is told the command, what it printed and why it counts', () => {
  const text = repairPrompt('npm test', 'Red before as well.', 'not ok 1 - adds');
  for (const part of ['Command: npm test', 'Red before as well.', 'not ok 1 - adds'])
    expect(text).toContain(part);
});
