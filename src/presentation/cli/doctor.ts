import type { DoctorCheck } from '../../application/diagnosis.ts';
import { ERROR_CODES } from '../../domain/errors/index.ts';
import { type Painter, printable } from './terminal.ts';

const MARKS = { ok: ['✓', 'green'], warn: ['!', 'yellow'], fail: ['✗', 'red'] } as const;

const healthy = (checks: readonly DoctorCheck[]): boolean => checks.every((check) => check.status !== 'fail');

const summary = (checks: readonly DoctorCheck[]): string => {
  const count = (status: DoctorCheck['status']) => checks.filter((check) => check.status === status).length;
  if (!healthy(checks)) return `${count('fail')} of ${checks.length} checks failed: mend these first.`;
  return count('warn') === 0
    ? 'All is well.'
    : `It will run; ${count('warn')} of ${checks.length} checks want a look.`;
};

/** One line a check, and under those that are not well how to mend them. */
export const renderDoctor = (checks: readonly DoctorCheck[], paint: Painter): string => {
  const width = Math.max(0, ...checks.map((check) => check.name.length));
  const lines = checks.flatMap(({ name, status, detail, mend }) => {
    const [mark, style] = MARKS[status];
    // The mark alone would be colour or shape only: the word is for those who search or listen.
    const word = status === 'ok' ? '' : ` ${paint(style, `[${status}]`)}`;
    const line = `${paint(style, mark)} ${name.padEnd(width)}  ${printable(detail)}${word}`;
    return mend === undefined ? [line] : [line, `  ${' '.repeat(width)}  → ${printable(mend)}`];
  });
  return [...lines, '', summary(checks), ''].join('\n');
};

export const doctorJson = (checks: readonly DoctorCheck[]): string =>
  `${JSON.stringify({ ok: healthy(checks), checks }, null, 2)}\n`;

export const doctorExit = (checks: readonly DoctorCheck[]): number =>
  healthy(checks) ? 0 : ERROR_CODES.DEPENDENCY_MISSING.exit;
