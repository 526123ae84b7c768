import type { Orchestrator } from '../../../../src/application/api.ts';
import type { JobEvent } from '../../../../src/domain/events.ts';
import { jobIdSchema } from '../../../../src/domain/ids.ts';
import type { CliClient } from '../../../../src/presentation/cli/deps.ts';
import { eventToWire } from '../../../../src/presentation/wire/event.ts';
import { localApi } from '../../../../src/presentation/wire/localApi.ts';

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** The client's promises over an orchestrator in this process: what the server and its client do together. */
export const localClient = (orchestrator: Orchestrator): CliClient => {
  const api = localApi(orchestrator);
  return {
    ...api,
    jobEvents: async (id, { after = 0, signal, onEvent }) => {
      const failed = new AbortController();
      let last = after;
      const early: JobEvent[] = [];
      let caughtUp = false;
      const tell = (event: JobEvent): void => {
        if (event.jobId !== id || event.seq <= last || signal.aborted) return;
        last = event.seq;
        onEvent(eventToWire(event));
      };
      const unsubscribe = orchestrator.subscribe((event) => {
        try {
          if (caughtUp) tell(event);
          else early.push(event);
        } catch (error) {
          failed.abort(error);
        }
      });
      try {
        for (const event of await orchestrator.events(jobIdSchema.parse(id), after, 1000)) tell(event);
        for (const event of early) tell(event);
        caughtUp = true;
        await untilAborted(AbortSignal.any([signal, failed.signal]));
        failed.signal.throwIfAborted();
      } finally {
        unsubscribe();
      }
    },
    taskLog: async (job_id, task_id, { offset = 0, signal, onText }) => {
      const { text, size } = await api.taskOutput({ job_id, task_id, offset, limit: 200_000 });
      if (text !== '') onText(text, { offset, text, size });
      await untilAborted(signal);
    },
    dashboardLink: async () => 'http://127.0.0.1:1/auth/link/once',
  };
};
