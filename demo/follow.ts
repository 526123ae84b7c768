import { hasEnded, type JobAnswer } from './answers.ts';
import type { Session } from './client.ts';
import { DemoFailure } from './failure.ts';
import type { Ui } from './ui.ts';

/** Seconds that one `job_wait` may take: below the time-out of any client. */
const WAIT_SECONDS = 20;

/**
 * Waits until the job ends, and shows what happens meanwhile.
 * @returns the job's result
 * @throws DemoFailure where the job wants a person: nobody here can give an answer
 */
export const follow = async (
  session: Session,
  submitted: JobAnswer,
  ui: Ui,
  signal: AbortSignal,
): Promise<JobAnswer> => {
  let answer = submitted;
  ui.update(answer);
  while (!hasEnded(answer)) {
    signal.throwIfAborted();
    answer = await session.wait(answer.job_id, WAIT_SECONDS, (message) => ui.event(message));
    ui.update(answer);
    if (!hasEnded(answer) && answer.attention != null) {
      throw new DemoFailure(`The job wants a person: ${answer.attention.reason}`, {
        hint: 'Run the demo with --keep and look at the repository.',
      });
    }
  }
  return session.result(answer.job_id);
};
