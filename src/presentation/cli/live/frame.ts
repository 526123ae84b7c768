import { stripVTControlCharacters } from 'node:util';
import { cellsOf } from '../fit.ts';

const ESC = '\u001b[';
/** Terminals that know it show all of it at once; the others pass over it. */
const SYNC = { start: `${ESC}?2026h`, end: `${ESC}?2026l` } as const;

export type Frame = {
  /** Shows the lines where the last ones were. Each must be shorter than the terminal is wide. */
  draw(lines: readonly string[]): void;
  /** Writes text that stays, above the lines. It must end with a newline. */
  above(text: string): void;
};

/**
 * Lines that are redrawn in place. Each is written over the one before, so that nothing is ever blank in between.
 * The cursor rests below the last line: what others write, and the prompt afterwards, come out right.
 * @param columns width now: a terminal that became narrower has wrapped what was drawn.
 */
export const createFrame = (write: (text: string) => void, columns: () => number): Frame => {
  let drawn: readonly string[] = [];
  let drawnFor = columns();

  const toTop = (): string => {
    const width = Math.max(1, columns());
    const rows = drawn.reduce(
      (sum, line) => sum + Math.max(1, Math.ceil(cellsOf(stripVTControlCharacters(line)) / width)),
      0,
    );
    return rows === 0 ? '\r' : `\r${ESC}${rows}A`;
  };
  const written = (lines: readonly string[]): string => lines.map((line) => `${line}${ESC}K\n`).join('');
  const redraw = (text: string, lines: readonly string[]): void => {
    write(`${SYNC.start}${toTop()}${text}${written(lines)}${ESC}J${SYNC.end}`);
    drawn = lines;
    drawnFor = columns();
  };

  return {
    draw(lines) {
      const same =
        drawnFor === columns() &&
        lines.length === drawn.length &&
        lines.every((line, at) => line === drawn[at]);
      if (!same) redraw('', lines);
    },
    above: (text) => redraw(`${ESC}J${text}`, drawn),
  };
};
