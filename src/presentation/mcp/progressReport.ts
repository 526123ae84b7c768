import type { ServerContext } from '@modelcontextprotocol/server';
import type { JobView } from '../../application/api.ts';
import { isTerminal } from '../../domain/job.ts';
import { happeningText } from '../wire/happeningText.ts';
import { progressOf } from '../wire/statistics.ts';
import { nextProgress } from './progress.ts';
import type { ToolContext } from './tool.ts';

/** Tells the caller of one request how far its job is; does nothing where it gave no progress token. */
export const createProgressReport = ({ mcpReq }: ServerContext): Pick<ToolContext, 'onEvent' | 'onView'> => {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return { onEvent: () => {}, onView: () => {} };
  let last = -1;

  const tell = (view: JobView, what: string | undefined): void => {
    const { done, total } = progressOf(view);
    const progress = nextProgress(last, { done, total, ended: isTerminal(view.job) });
    if (progress === undefined || mcpReq.signal.aborted) return;
    last = progress;
    const count = total === 0 ? 'planning' : `${done}/${total} done`;
    const params = {
      progressToken,
      progress,
      ...(total === 0 ? {} : { total }),
      message: what === undefined ? count : `${count} · ${what}`,
    };
    // A bonus: a client that is gone must not fail the call.
    mcpReq.notify({ method: 'notifications/progress', params }).catch(() => {});
  };

  return {
    onView: (view) => tell(view, view.job.status),
    onEvent: (event, view) => {
      const what = happeningText(event.happening);
      if (what !== undefined) tell(view, what);
    },
  };
};
