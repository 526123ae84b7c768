import type { DiffRow } from './diffLines.ts';
import type { Token } from './highlightTokens.ts';

type Highlight = (code: string, language: string) => readonly (readonly Token[])[];

/** Beyond this a file is shown without colours, characters: they would take longer than a person waits. */
const LONGEST = 150_000;

/**
 * The tokens of a diff's rows. Each hunk is read as two pieces of code, as it was and as it is, so that a
 * comment or string over several lines is seen as one.
 */
export const colouredRows = (
  rows: readonly DiffRow[],
  language: string,
  highlight: Highlight,
): ReadonlyMap<DiffRow, readonly Token[]> => {
  const coloured = new Map<DiffRow, readonly Token[]>();
  if (rows.reduce((sum, row) => sum + row.text.length, 0) > LONGEST) return coloured;
  for (const hunk of hunksOf(rows)) {
    for (const side of ['added', 'removed'] as const) {
      const code = hunk.filter((row) => row.kind === 'same' || row.kind === side);
      if (!code.some((row) => row.kind === side) && side === 'removed') continue;
      const lines = highlight(code.map((row) => row.text).join('\n'), language);
      for (const [index, row] of code.entries()) {
        if (side === 'removed' && row.kind === 'same') continue;
        coloured.set(row, lines[index] ?? []);
      }
    }
  }
  return coloured;
};

const hunksOf = (rows: readonly DiffRow[]): readonly (readonly DiffRow[])[] => {
  const hunks: DiffRow[][] = [];
  for (const row of rows) {
    if (row.kind === 'hunk' || hunks.length === 0) hunks.push([]);
    if (row.kind !== 'hunk') hunks.at(-1)?.push(row);
  }
  return hunks;
};
