const PARALLEL =
  /\b(?:independent(?:ly)?|in parallel|parallelly|concurrently|simultaneously|(?:in )?any order|order (?:does not|doesn't) matter|at the same time|each of (?:these|those|the)|unrelated|separately|on their own)\b/i;
const SEQUENCE =
  /\b(?:(?:not|n't|never|no)\b[^.\n]{0,40}(?:independent(?:ly)?|in parallel|concurrently|simultaneously|any order|at the same time)|dependent on each other|in (?:this|that|the given|the following|strict|exact(?:ly this)?) order|in order\b(?! to)|one (?:after the other|after another|by one|at a time)|sequential(?:ly)?|step by step|in sequence|each (?:step )?(?:builds|depends) on)\b/i;

export type StatedOrder = 'parallel' | 'sequence';

/** What a text says outright about the order of its items; undefined where it says nothing. */
export const statedOrder = (text: string): StatedOrder | undefined => {
  // "Not in parallel" holds "in parallel", so it is asked first.
  if (SEQUENCE.test(text)) return 'sequence';
  return PARALLEL.test(text) ? 'parallel' : undefined;
};
