import type { ServerContext } from '@modelcontextprotocol/server';
import type { Watch } from '../wire/api.ts';
import { nextProgress } from './progress.ts';

/** Tells the caller of one request how far its job is; does nothing where it gave no progress token. */
export const createProgressReport = ({ mcpReq }: ServerContext): Watch['onProgress'] => {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return () => {};
  let last = -1;

  return ({ done, total, ended, message }) => {
    const progress = nextProgress(last, { done, total, ended });
    if (progress === undefined || mcpReq.signal.aborted) return;
    last = progress;
    const count = total === 0 ? 'planning' : `${done}/${total} done`;
    const params = {
      progressToken,
      progress,
      ...(total === 0 ? {} : { total }),
      message: message === undefined ? count : `${count} · ${message}`,
    };
    // A bonus: a client that is gone must not fail the call.
    mcpReq.notify({ method: 'notifications/progress', params }).catch(() => {});
  };
};
