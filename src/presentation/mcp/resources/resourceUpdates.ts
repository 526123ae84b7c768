import { type McpServer, ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import type { OrchestratorApi } from '../../wire/api.ts';
import type { FollowedEvent } from '../../wire/event.ts';

/** A busy job has hundreds of events a second; a reader of its resource wants to be told twice at most. */
const COALESCE_MS = 500;

/** URIs that one client may follow. */
const MAX_SUBSCRIPTIONS = 1000;

const MAX_URI_CHARACTERS = 300;

export type ResourceUpdates = {
  /** Follows the orchestrator's events; the second call of the same connection changes nothing. */
  follow(api: OrchestratorApi): void;
  /** Answers `resources/subscribe` and `resources/unsubscribe` of the 2025 era. */
  acceptSubscriptions(watch: () => Promise<void>): void;
};

const urisOf = ({ job_id, type, task_id }: FollowedEvent): readonly string[] => [
  `job://${job_id}`,
  `job://${job_id}/events`,
  ...(type === 'integration.merged' || type === 'job.applied' ? [`job://${job_id}/diff`] : []),
  ...(task_id === undefined ? [] : [`job://${job_id}/tasks/${task_id}/log`]),
];

/** Tells a client that resources have changed: what it follows (2025), or all, which the entry filters (2026). */
export const createResourceUpdates = (server: McpServer, era: 'legacy' | 'modern'): ResourceUpdates => {
  const followed = new Set<string>();
  const changed = new Set<string>();
  let listChanged = false;
  let timer: NodeJS.Timeout | undefined;
  let stop: (() => void) | undefined;
  let closed = false;

  const flush = (): void => {
    timer = undefined;
    const uris = [...changed];
    changed.clear();
    if (listChanged) server.sendResourceListChanged();
    listChanged = false;
    // A bonus: a client that is gone is noticed elsewhere.
    for (const uri of uris) server.server.sendResourceUpdated({ uri }).catch(() => {});
  };

  const note = (event: FollowedEvent): void => {
    for (const uri of urisOf(event)) if (era === 'modern' || followed.has(uri)) changed.add(uri);
    if (event.type === 'job.submitted') listChanged = true;
    if (changed.size > 0 || listChanged) timer ??= setTimeout(flush, COALESCE_MS).unref();
  };

  server.server.onclose = () => {
    closed = true;
    clearTimeout(timer);
    stop?.();
  };

  return {
    follow: (api) => {
      if (!closed) stop ??= api.follow(note);
    },
    acceptSubscriptions: (watch) => {
      server.server.setRequestHandler('resources/subscribe', async ({ params }) => {
        if (!params.uri.startsWith('job://') || params.uri.length > MAX_URI_CHARACTERS) {
          throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'Only job:// resources can be followed.');
        }
        if (followed.size >= MAX_SUBSCRIPTIONS) {
          throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'Too many subscriptions; end some first.');
        }
        followed.add(params.uri);
        await watch();
        return {};
      });
      server.server.setRequestHandler('resources/unsubscribe', ({ params }) => {
        followed.delete(params.uri);
        return {};
      });
    },
  };
};
