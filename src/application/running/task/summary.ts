/** Characters of a worker's last words that are kept as its summary. */
const SUMMARY_LIMIT = 2000;

/** A worker's words for a status line or an answer: one piece, bounded. */
export const shorten = (text: string, limit: number = SUMMARY_LIMIT): string => {
  const clean = text.trim();
  return clean.length <= limit ? clean : `${clean.slice(0, limit - 2).toWellFormed()} …`;
};
