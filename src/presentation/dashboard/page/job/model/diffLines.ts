import gitdiff, { type Change } from 'gitdiff-parser';
import type { DiffFile } from './diffFiles.ts';

/** A row of a file's diff: a line with its numbers on both sides, or the head of a hunk. */
export type DiffRow =
  | { readonly kind: 'hunk'; readonly text: string }
  | {
      readonly kind: 'added' | 'removed' | 'same';
      readonly text: string;
      readonly before?: number;
      readonly after?: number;
    };

/** The package is CommonJS and its types say ESM: what it exports stands where its own types do not look. */
const parser = gitdiff.default ?? gitdiff;

/** The rows of one file. Text that is no diff at all makes rows of plain text: nothing is hidden. */
export const diffRowsOf = (file: Pick<DiffFile, 'text'>): readonly DiffRow[] => {
  try {
    const parsed = parser.parse(file.text);
    return parsed.flatMap(({ hunks }) =>
      hunks.flatMap((hunk): DiffRow[] => [{ kind: 'hunk', text: hunk.content }, ...hunk.changes.map(rowOf)]),
    );
  } catch {
    return file.text.split('\n').map((text) => ({ kind: 'same', text }));
  }
};

const rowOf = (change: Change): DiffRow => {
  const text = change.content.replace(/\r$/, '');
  if (change.type === 'insert') return { kind: 'added', text, after: change.lineNumber };
  if (change.type === 'delete') return { kind: 'removed', text, before: change.lineNumber };
  return { kind: 'same', text, before: change.oldLineNumber, after: change.newLineNumber };
};
