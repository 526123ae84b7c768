import { expect, test } from 'vitest';
import { dangerLineOf, graveOf } from '../../../src/presentation/wire/askedAbout.ts';

const reason = (risk: 'CRITICAL' | 'HIGH' | 'MEDIUM', span: string) =>
  ({ code: 'delete', risk, span, text: 'it deletes files' }) as const;

test('a person is told all that is grave, and the rest only where nothing is', () => {
  const [critical, high, medium] = [reason('CRITICAL', 'a'), reason('HIGH', 'b'), reason('MEDIUM', 'c')];
  expect(graveOf([critical, high, medium])).toEqual([critical, high]);
  expect(graveOf([medium])).toEqual([medium]);
});

test('however the command is padded, the line has in it what is dangerous', () => {
  const reasons = [reason('HIGH', 'rm -rf src/old')];
  const command = `${'true; '.repeat(200)}rm -rf src/old${'; true'.repeat(200)}`;
  const line = dangerLineOf({ command, reasons }, 100);
  expect(line).toContain('rm -rf src/old');
  expect(line.length).toBeLessThanOrEqual(100);
  expect(dangerLineOf({ command: 'ls\nrm x', reasons: [] }, 100)).toBe('ls ⏎ rm x');
});
