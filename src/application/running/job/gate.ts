/** A promise to be waited for later, or never: its failure alone harms nobody. */
export const gate = (): PromiseWithResolvers<void> => {
  const made = Promise.withResolvers<void>();
  made.promise.catch(() => undefined);
  return made;
};
