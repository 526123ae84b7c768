/** What a wait knows of its job at one moment. */
export type JobState = { readonly done: number; readonly total: number; readonly ended: boolean };

/** Part of the way to the next whole task that one event is worth. */
const SHARE = 0.05;

/**
 * The next value of a progress bar whose unit is the task. The protocol wants every value to be greater than
 * the one before, also where an event ends no task or a task is opened again: such events go a small part of
 * the way to the next task, which only a task that is done can reach.
 * @returns undefined where there is no greater value to tell.
 */
export const nextProgress = (last: number, { done, total, ended }: JobState): number | undefined => {
  if (ended) return total > last ? total : undefined;
  // Merging and the last verification are still to come when all tasks are done.
  const reached = total === 0 ? 0 : Math.min(done, total - 0.5);
  if (reached > last) return reached;
  const ceiling = Math.min(Math.floor(last) + 1, Math.max(total, 1));
  const crept = last + (ceiling - last) * SHARE;
  return crept > last && crept < ceiling ? crept : undefined;
};
