/** Verbs by which command lines of services name the end of something. */
const DESTRUCTIVE: ReadonlySet<string> = new Set(
  'delete destroy drop purge terminate rm rmi rb revoke remove wipe prune truncate del uninstall unpublish erase flush flushall flushdb reset deregister decommission teardown nuke kill cordon drain evict undeploy obliterate expunge yank unregister forget unset untag rmdir clear'.split(
    ' ',
  ),
);

/** True for `delete-stack`, `deleteDatabase`, `stack_destroy`, `projects:delete`. */
export const hasDestructiveVerb = (word: string): boolean =>
  word
    .replaceAll(/([a-z])([A-Z])/gu, '$1-$2')
    .toLowerCase()
    .split(/[-_:./]/u)
    .some((part) => DESTRUCTIVE.has(part));
