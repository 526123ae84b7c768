/**
 * What one answer may weigh, bytes of JSON: 25,000 tokens at 4 bytes, the size above which Claude Code refuses
 * an answer. Structured content and text stand in it side by side, so each part has its own share.
 */
export const ANSWER_BYTES = 100_000;

/**
 * The shares, bytes of JSON at the worst (three bytes a character). An answer with a job: its list of tasks
 * `list`, files `files`, warnings and attention `notes` each, and the same in words `text`. A result repeats
 * the workers' words in both forms (`output`), so its list and its text are shorter.
 */
export const SHARE = {
  list: 32_000,
  resultList: 12_000,
  files: 6_000,
  notes: 4_000,
  text: 22_000,
  resultText: 8_000,
  output: 12_000,
  diffStat: 3_000,
} as const;

/** Bytes of `value` as JSON in UTF-8. */
export const jsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? '');

/** The longest head of `text` whose JSON is at most `maxBytes` long, with `…` at its end where it was cut. */
export const cutToBytes = (text: string, maxBytes: number): string => {
  if (jsonBytes(text) <= maxBytes) return text;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (jsonBytes(`${text.slice(0, middle).toWellFormed()}…`) <= maxBytes) low = middle;
    else high = middle - 1;
  }
  const head = text.slice(0, low);
  return `${head.isWellFormed() ? head : head.slice(0, -1)}…`;
};

export type Fitted<T> = { readonly kept: readonly T[]; readonly omitted: number };

/**
 * The items that fit into `maxBytes`, in their order. Where not all do, those with the lowest `rank` are kept
 * first: what failed tells more than what is done.
 */
export const fitList = <T>(items: readonly T[], maxBytes: number, rank: (item: T) => number): Fitted<T> => {
  const byRank = items
    .map((item, at) => ({ item, at }))
    .sort((a, b) => rank(a.item) - rank(b.item) || a.at - b.at);
  const kept: typeof byRank = [];
  let left = maxBytes;
  for (const entry of byRank) {
    left -= jsonBytes(entry.item) + 1;
    if (left < 0) break;
    kept.push(entry);
  }
  return {
    kept: kept.sort((a, b) => a.at - b.at).map((entry) => entry.item),
    omitted: items.length - kept.length,
  };
};
