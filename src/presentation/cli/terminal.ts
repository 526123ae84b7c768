import { createInterface } from 'node:readline/promises';
import { styleText } from 'node:util';

/**
 * Whether output to a stream is coloured: NO_COLOR (any text) is the strongest, then FORCE_COLOR, then whether
 * the stream is a terminal that can do it (no-color.org).
 */
export const useColor = (env: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean => {
  if ((env.NO_COLOR ?? '') !== '') return false;
  const force = env.FORCE_COLOR ?? '';
  if (force !== '') return force !== '0' && force !== 'false';
  return isTerminal && env.TERM !== 'dumb';
};

type Style = Parameters<typeof styleText>[0];
export type Painter = (style: Style, text: string) => string;

export const painter =
  (color: boolean): Painter =>
  (style, text) =>
    color && text !== '' ? styleText(style, text, { validateStream: false }) : text;

const escaped = (character: string): string =>
  `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;

const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Text of others made harmless for a terminal: control characters are shown and not obeyed. */
export const printable = (text: string): string => text.replace(CONTROLS, escaped);

/** The same for logs and diffs, in which a tab is a tab. */
export const printableText = (text: string): string =>
  text.replace(CONTROLS, (character) => (character === '\t' ? character : escaped(character)));

/** JSON stays the same JSON, and cannot steer the terminal that it is shown on. */
export const harmlessJson = (json: string): string => json.replace(CONTROLS, escaped);

/** The same on one line: for cells of a table. */
export const printableCell = (text: string): string => printable(text).replaceAll('\n', '\\n');

/** Rows in columns of equal width, two blanks between; the last column is not padded. Colours come after. */
export const inColumns = (rows: readonly (readonly string[])[]): readonly string[] => {
  const widths = rows.reduce<number[]>(
    (so, row) => row.map((text, i) => Math.max(so[i] ?? 0, text.length)),
    [],
  );
  return rows.map((row) =>
    row
      .map((text, i) => (i === row.length - 1 ? text : text.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
};

/** A question on `output` that only `y` or `yes` answers with yes; the end of the input is a no. */
export const confirmOn =
  (input: NodeJS.ReadableStream, output: NodeJS.WritableStream) =>
  async (question: string): Promise<boolean> => {
    const lines = createInterface({ input, output });
    const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
    try {
      const answer = await Promise.race([lines.question(`${question} [y/N] `), ended]);
      return /^\s*y(es)?\s*$/i.test(answer);
    } finally {
      lines.close();
    }
  };

/** A reader that goes away, as `| head` does, is no error: `end` is called once, and nothing is said. */
export const endWithReader = (stream: NodeJS.WritableStream, end: () => void): void => {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    end();
  });
};
