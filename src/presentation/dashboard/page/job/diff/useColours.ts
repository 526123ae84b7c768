import { useEffect, useState } from 'preact/hooks';
import { colouredRows } from '../model/colouredRows.ts';
import type { DiffRow } from '../model/diffLines.ts';
import type { Token } from '../model/highlightTokens.ts';
import { languageOf } from './languages.ts';

type Colours = ReadonlyMap<DiffRow, readonly Token[]>;
const NONE: Colours = new Map();

/** The colours of a file's rows; the rows are shown without them until they are there. */
export const useColours = (path: string, rows: readonly DiffRow[]): Colours => {
  const [colours, setColours] = useState(NONE);
  useEffect(() => {
    const language = languageOf(path);
    if (language === undefined) return;
    let gone = false;
    void (async () => {
      try {
        const { highlightLines } = await import('./highlighter.ts');
        if (!gone) setColours(colouredRows(rows, language, highlightLines));
      } catch {
        // Colours are an extra: without them the text is still there.
      }
    })();
    return () => {
      gone = true;
    };
  }, [path, rows]);
  return colours;
};
