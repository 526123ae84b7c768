import type { OrchestratorApi } from '../../wire/api.ts';
import type { FollowedEvent } from '../../wire/event.ts';

/** A busy job has hundreds of events a second; a reader of its resource wants to be told twice at most. */
const COALESCE_MS = 500;

export type Changes = {
  /** Resources whose content is another one now. */
  readonly uris: readonly string[];
  /** True where there is a new job. */
  readonly listChanged: boolean;
};

const urisOf = ({ job_id, type, task_id }: FollowedEvent): readonly string[] => [
  `job://${job_id}`,
  `job://${job_id}/events`,
  ...(type === 'integration.merged' || type === 'job.applied' ? [`job://${job_id}/diff`] : []),
  ...(task_id === undefined ? [] : [`job://${job_id}/tasks/${task_id}/log`]),
];

/**
 * Tells which `job://` resources have changed, at most twice a second, of the jobs that `api` can see.
 * @param wants leaves out what nobody listens to.
 * @returns ends it.
 */
export const followJobChanges = (
  api: Pick<OrchestratorApi, 'follow'>,
  wants: (uri: string) => boolean,
  tell: (changes: Changes) => void,
): (() => void) => {
  const changed = new Set<string>();
  let listChanged = false;
  let timer: NodeJS.Timeout | undefined;

  const flush = (): void => {
    timer = undefined;
    const changes = { uris: [...changed], listChanged };
    changed.clear();
    listChanged = false;
    tell(changes);
  };

  const stop = api.follow((event) => {
    for (const uri of urisOf(event)) if (wants(uri)) changed.add(uri);
    if (event.type === 'job.submitted') listChanged = true;
    if (changed.size > 0 || listChanged) timer ??= setTimeout(flush, COALESCE_MS).unref();
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
};
