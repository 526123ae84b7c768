import truncatedWidth from 'fast-string-truncated-width';

const ELLIPSIS = '…';

/** Cells that a text without escape sequences takes on a terminal. */
export const cellsOf = (text: string): number => truncatedWidth(text).width;

/** The text, or its beginning and `…`, in at most `cells`. */
export const fit = (text: string, cells: number): string => {
  if (cells <= 0) return '';
  const { index, ellipsed } = truncatedWidth(text, { limit: cells, ellipsis: ELLIPSIS, ellipsisWidth: 1 });
  if (!ellipsed) return text.slice(0, index);
  // Where it is cut is wrong by one for some marks.
  let head = Array.from(text.slice(0, index).toWellFormed());
  while (cellsOf(head.join('')) >= cells) head = head.slice(0, -1);
  return `${head.join('')}${ELLIPSIS}`;
};

/** The text in exactly so many cells. */
export const padTo = (text: string, cells: number): string => {
  const fitted = fit(text, cells);
  return fitted + ' '.repeat(Math.max(0, cells - cellsOf(fitted)));
};
