import { hasEnded, type JobAnswer } from './answers.ts';
import type { Session } from './client.ts';
import { DemoFailure } from './failure.ts';
import type { Decision, Person } from './person.ts';
import type { Ui } from './ui.ts';

/** Seconds that one `job_wait` may take: below the time-out of any client. */
const WAIT_SECONDS = 20;

/** Reads the job's state anew whenever it is asked to, one call at a time: what the bars are drawn from. */
const startRefreshing = (session: Session, jobId: string, ui: Ui) => {
  let wanted = false;
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    while (wanted) {
      wanted = false;
      ui.redraw(await session.status(jobId));
    }
  };
  return {
    request: (): void => {
      wanted = ui.live;
      // Bars are a bonus: what is wrong with the server is told by the call that waits for the job.
      running ??= run()
        .catch(() => undefined)
        .finally(() => {
          running = undefined;
        });
    },
    /** Resolves when no older state can be drawn any more. */
    settled: async (): Promise<void> => {
      wanted = false;
      await running;
    },
  };
};

/**
 * Waits until the job ends, shows what happens meanwhile, and has the person decide what waits for one.
 * @returns the job's result, and what was decided
 * @throws DemoFailure where the job wants a person: nobody here can give an answer
 */
export const follow = async (
  session: Session,
  submitted: JobAnswer,
  ui: Ui,
  signal: AbortSignal,
  person: Pick<Person, 'decide'>,
): Promise<{ readonly answer: JobAnswer; readonly decisions: readonly Decision[] }> => {
  const decisions: Decision[] = [];
  let answer = submitted;
  ui.update(answer);
  const bars = startRefreshing(session, answer.job_id, ui);
  while (!hasEnded(answer)) {
    signal.throwIfAborted();
    bars.request();
    answer = await session.wait(answer.job_id, WAIT_SECONDS, (message) => {
      ui.event(message);
      bars.request();
    });
    await bars.settled();
    ui.update(answer);
    if (answer.approvals != null) {
      // The bars would be drawn over the question; they come back with the next answer.
      ui.end();
      const decision = await person.decide(answer.job_id, answer.approvals.first.approval_id);
      if (decision !== undefined) decisions.push(decision);
    } else if (!hasEnded(answer) && answer.attention != null) {
      throw new DemoFailure(`The job wants a person: ${answer.attention.reason}`, {
        hint: 'Run the demo with --keep and look at the repository.',
      });
    }
  }
  return { answer: await session.result(answer.job_id), decisions };
};
