import type { JobAnswer } from '../wire/job.ts';
import type { CliDeps } from './deps.ts';
import { closingText, jobText } from './jobSummary.ts';
import { painter } from './terminal.ts';

/** Says how a job ended. What the live view shows already is not said again. */
export const showEnd = (job: JobAnswer, deps: CliDeps, plain: boolean): void => {
  const paint = painter(deps.color.stdout);
  deps.stdout(plain || deps.screen === undefined ? jobText(job, deps.now(), paint) : closingText(job, paint));
};
