/** Stands between a task's own words and the text that it shares with the other tasks of the request. */
export const SHARED_CONTEXT =
  'Shared context: the request that this is one part of also says the following. Do only the part above; the other parts are done by others.';

/** A task's prompt without the text that it shares with others. */
export const ownWords = (prompt: string): string => {
  const cut = prompt.indexOf(`\n\n${SHARED_CONTEXT}`);
  return cut < 0 ? prompt : prompt.slice(0, cut);
};
