/** Verbs by which command lines of services name the end of something. */
const DESTRUCTIVE: ReadonlySet<string> = new Set(
  'delete destroy drop purge terminate rm rmi rb revoke remove wipe prune truncate del uninstall unpublish erase flush flushall flushdb reset deregister decommission teardown nuke kill killall cordon drain evict undeploy obliterate expunge yank unregister forget unset untag rmdir rmdirs clear unsubscribe undefine unlist deprovision deactivate'.split(
    ' ',
  ),
);

/** `deletefile`, `rdelete`, `unregistervm`: a verb that a longer word begins or ends with. */
const WITHIN =
  /^(delete|destroy|purge|terminate|uninstall|unpublish|deregister|unregister|truncate|obliterate)(?!d$|r$|rs$|s$)[a-z]+$|^[a-z]{1,4}(delete|destroy|purge|remove)$/u;

/** True for `delete-stack`, `deleteDatabase`, `stack_destroy`, `projects:delete`, `deletefile`. */
export const hasDestructiveVerb = (word: string): boolean =>
  word
    .replaceAll(/([a-z])([A-Z])/gu, '$1-$2')
    .toLowerCase()
    .split(/[-_:./]/u)
    .some((part) => DESTRUCTIVE.has(part) || WITHIN.test(part));
