import type { ServerEventBus } from '@modelcontextprotocol/server';
import type { OrchestratorApi } from '../../wire/api.ts';
import { followJobChanges } from '../resources/jobChanges.ts';

export type JobBus = ServerEventBus & {
  /** True from the moment that a stream hears the bus. */
  readonly isHeard: () => boolean;
};

/**
 * The source of what one `subscriptions/listen` tells: the changes of the jobs that `api` can see, and of no others.
 * @param onEnd called when the stream that heard it has ended.
 */
export const createJobBus = (api: Pick<OrchestratorApi, 'follow'>, onEnd: () => void): JobBus => {
  let heard = false;
  return {
    isHeard: () => heard,
    // Nothing comes from elsewhere: the instances behind this bus live for one request and publish nothing.
    publish: () => {},
    subscribe: (listener) => {
      heard = true;
      const stop = followJobChanges(
        api,
        () => true,
        ({ uris, listChanged }) => {
          if (listChanged) listener({ kind: 'resources_list_changed' });
          for (const uri of uris) listener({ kind: 'resource_updated', uri });
        },
      );
      return () => {
        stop();
        onEnd();
      };
    },
  };
};
