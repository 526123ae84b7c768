import { type McpServer, ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import type { OrchestratorApi } from '../../wire/api.ts';
import { followJobChanges } from './jobChanges.ts';

/** URIs that one client may follow. */
const MAX_SUBSCRIPTIONS = 1000;

const MAX_URI_CHARACTERS = 300;

export type ResourceUpdates = {
  /** Follows the orchestrator's events; the second call of the same connection changes nothing. */
  follow(api: OrchestratorApi): void;
  /** Answers `resources/subscribe` and `resources/unsubscribe` of the 2025 era. */
  acceptSubscriptions(watch: () => Promise<void>): void;
};

/** Tells a client that resources have changed: what it follows (2025), or all, which the entry filters (2026). */
export const createResourceUpdates = (server: McpServer, era: 'legacy' | 'modern'): ResourceUpdates => {
  const followed = new Set<string>();
  let stop: (() => void) | undefined;
  let closed = false;

  server.server.onclose = () => {
    closed = true;
    stop?.();
  };

  return {
    follow: (api) => {
      if (closed) return;
      stop ??= followJobChanges(
        api,
        (uri) => era === 'modern' || followed.has(uri),
        ({ uris, listChanged }) => {
          if (listChanged) server.sendResourceListChanged();
          // A bonus: a client that is gone is noticed elsewhere.
          for (const uri of uris) server.server.sendResourceUpdated({ uri }).catch(() => {});
        },
      );
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
