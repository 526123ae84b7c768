import { type Painter, printableText } from './terminal.ts';

const STYLES: readonly (readonly [RegExp, Parameters<Painter>[0]])[] = [
  [/^(diff |index |--- |\+\+\+ |new file |deleted file |rename |similarity )/, 'bold'],
  [/^@@/, 'cyan'],
  [/^\+/, 'green'],
  [/^-/, 'red'],
];

/** A unified diff with its lines coloured, and nothing in it that a terminal would obey. */
export const diffText = (diff: string, paint: Painter): string =>
  printableText(diff)
    .split('\n')
    .map((line) => {
      const style = STYLES.find(([begins]) => begins.test(line))?.[1];
      return style === undefined ? line : paint(style, line);
    })
    .join('\n');
