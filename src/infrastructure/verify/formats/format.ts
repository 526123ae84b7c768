/** What a reader made of an output: `recognised` without names means that its tests all passed. */
export type Findings = { readonly recognised: boolean; readonly failing: readonly string[] };

/** Reads one run's output line by line, without colours and line ends. */
export type ReportReader = { line(text: string): void; result(): Findings };

/** A way in which test runners report. */
export type ReportFormat = { readonly name: string; open(): ReportReader };

/** Names that a format is asked to keep at the most: a broken build can fail everything. */
export const MAX_NAMES = 10_000;

/** Collects names in the order of their first mention. */
export const createFindings = (): {
  recognise(): void;
  fail(name: string): void;
  result(): Findings;
} => {
  const names = new Set<string>();
  let recognised = false;
  return {
    recognise: () => {
      recognised = true;
    },
    fail: (name) => {
      recognised = true;
      if (names.size < MAX_NAMES) names.add(name);
    },
    result: () => ({ recognised, failing: [...names] }),
  };
};
