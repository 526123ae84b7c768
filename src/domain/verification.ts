import type { Verification } from './task.ts';

/** What one run of a verification command said. */
export type VerificationRun = {
  readonly green: boolean;
  /** Undefined where the output does not tell names. */
  readonly failingTests: readonly string[] | undefined;
};

export type VerificationVerdict = {
  readonly verification: Verification;
  /** One sentence for whoever reads the result. */
  readonly note: string;
  /** Failures that the base did not have; only where names were compared. */
  readonly newFailures?: readonly string[];
};

/** The notes of an outcome `none` where nothing was asked for: no command of a task, none of a job. */
export const NO_TASK_COMMAND = 'There was no verification command.';
export const NO_JOB_COMMAND = 'The job has no verification of its own.';

/** True where a verification was asked for, has had its say, and nothing is verified all the same. */
export const isUnverified = (verification: Verification, note: string | undefined): boolean =>
  verification === 'none' && note !== undefined && note !== NO_TASK_COMMAND && note !== NO_JOB_COMMAND;

const NAMES_SHOWN = 5;

/**
 * Reads a verification of some work against the same command on the untouched base. Green is green whatever the
 * base was. Red is held against the work unless the base was red too and every failing test failed there already;
 * then it is excused, and verifies nothing. Names that the output does not tell cannot excuse anything.
 * @param base undefined where the command did not run there, or has not ended yet.
 */
export const verdict = (o: {
  readonly work: VerificationRun;
  readonly base: VerificationRun | undefined;
}): VerificationVerdict => (o.work.green ? greenVerdict(o.base) : redVerdict(o.work, o.base));

const greenVerdict = (base: VerificationRun | undefined): VerificationVerdict => {
  if (base === undefined) return { verification: 'passed', note: 'Green; what the base says is not known.' };
  return base.green
    ? {
        verification: 'held',
        note: 'Green before and after: it guards the change, but proves nothing of it.',
      }
    : { verification: 'proved', note: 'Red before the change, green after it.' };
};

const redVerdict = (work: VerificationRun, base: VerificationRun | undefined): VerificationVerdict => {
  if (base === undefined) return failed('Red; what the base says is not known.');
  if (base.green) return failed('Green before the change, red after it.');
  if (work.failingTests === undefined || base.failingTests === undefined) {
    return failed('Red; the base was red already, but the output names no tests to compare.');
  }
  const before = new Set(base.failingTests);
  const newFailures = [...new Set(work.failingTests)].filter((name) => !before.has(name));
  if (newFailures.length > 0) {
    return {
      ...failed(`${count(newFailures.length)} that the base did not have: ${list(newFailures)}.`),
      newFailures,
    };
  }
  return excused(before.size, new Set(work.failingTests).size, newFailures);
};

/** Red, and no failure is new: the work is not blamed for it, but red verifies nothing. */
const excused = (before: number, after: number, newFailures: readonly string[]): VerificationVerdict => {
  const how = after < before ? `Still red with ${count(after)}` : 'As red as the base';
  return {
    verification: 'none',
    note: `${how}, so nothing is verified; no test fails that did not fail before (${count(before)} on the base).`,
    newFailures,
  };
};

const failed = (note: string): VerificationVerdict => ({ verification: 'failed', note });

const count = (failures: number): string => (failures === 1 ? '1 failing test' : `${failures} failing tests`);

const list = (names: readonly string[]): string => {
  const shown = names.slice(0, NAMES_SHOWN).join(', ');
  return names.length > NAMES_SHOWN ? `${shown} and ${names.length - NAMES_SHOWN} more` : shown;
};
