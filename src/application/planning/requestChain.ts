import { actionsIn } from './actionWords.ts';
import { withoutCode } from './requestText.ts';

const FIRST = /(?:^|[.!?:\n][ \t]{0,8})(?:please[ \t]{1,3})?(?:first(?:ly)?|first of all)(?:,|:|[ \t\n])/gi;
const NEXT =
  /(?:[.!?;,\n][ \t]{0,8})(?:and[ \t]{1,3})?(?:then|next|after that|afterwards?|secondly|second|thirdly|third|finally|lastly)(?:,|:|[ \t\n])|\band[ \t]{1,3}(?:then|finally|lastly)(?:,|[ \t\n])/gi;

/** A paragraph longer than this is no sentence of steps. */
const CHAIN_CHARACTERS = 20_000;

export type RequestChain = {
  readonly before: string;
  readonly items: readonly string[];
  readonly after: string;
};

/**
 * The steps of a "First …, then …, finally …" in running text, each with its own words, the connecting word
 * included. Undefined where the text has no such chain: a "First" at the begin of a sentence, one connecting
 * word at least behind it in the same paragraph, and something asked for in every step.
 */
export const findChain = (request: string): RequestChain | undefined => {
  if (request.search(FIRST) < 0) return undefined;
  const text = withoutCode(request);
  // Every "First" reads on to the end of its paragraph; a few are enough, and keep the work linear.
  for (const match of [...text.matchAll(FIRST)].slice(0, 5)) {
    const start = match.index + match[0].search(/(?:please|first)/i);
    const gap = text.indexOf('\n\n', start);
    const end = gap < 0 ? text.length : gap;
    if (end - start > CHAIN_CHARACTERS) continue;
    const cuts = [start];
    for (const next of text.slice(start, end).matchAll(NEXT)) {
      cuts.push(start + next.index + next[0].search(/[a-z]/i));
    }
    if (cuts.length < 2) continue;
    const items = cuts.map((cut, at) => request.slice(cut, cuts[at + 1] ?? end).trim());
    if (items.every((item) => actionsIn(bare(item), 1).length > 0)) {
      return { before: request.slice(0, start).trim(), items, after: request.slice(end).trim() };
    }
  }
  return undefined;
};

const bare = (item: string): string =>
  item.replace(
    /^(?:and\s)?(?:please\s)?(?:first of all|first(?:ly)?|then|next|after that|afterwards?|second(?:ly)?|third(?:ly)?|finally|lastly)[,:]?\s{1,4}/i,
    '',
  );
