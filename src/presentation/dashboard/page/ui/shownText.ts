/** A piece of text as a reader is shown it. */
export type ShownPart =
  | { readonly kind: 'plain'; readonly text: string }
  /** A character that changes what a reader sees without being seen: `U+202E`, and what it is where that helps. */
  | { readonly kind: 'unseen'; readonly text: string; readonly name: string }
  /** The end of a line. */
  | { readonly kind: 'newline' }
  /** So many spaces or tabs that what follows could be pushed out of sight. */
  | { readonly kind: 'gap'; readonly text: string };

/**
 * Whatever a reader does not see as what it is: controls but tab and newline, directional and zero-width characters,
 * joiners too, spaces that are not the space, the empty Braille sign, halves of characters. The server spells most of
 * them out already, as `⟨U+202E⟩`; those are marked the same way.
 */
const SPECIAL =
  /(?<newline>\n)|(?<gap>[ \t]{40,})|⟨U\+(?<named>[0-9A-F]{4,6})⟩|[^\P{C}\t\n]|\p{Default_Ignorable_Code_Point}|[^\P{Z} ]|\u2800/gu;

const NAMES: ReadonlyMap<number, string> = new Map([
  [0x00, 'null'],
  [0x07, 'bell'],
  [0x08, 'backspace'],
  [0x0d, 'carriage return'],
  [0x1b, 'escape'],
  [0x7f, 'delete'],
  [0xa0, 'no-break space'],
  [0x200b, 'zero width space'],
  [0x200c, 'zero width non-joiner'],
  [0x200d, 'zero width joiner'],
  [0x200e, 'left-to-right mark'],
  [0x200f, 'right-to-left mark'],
  [0x202a, 'left-to-right embedding'],
  [0x202b, 'right-to-left embedding'],
  [0x202c, 'end of a direction'],
  [0x202d, 'left-to-right override'],
  [0x202e, 'right-to-left override'],
  [0x2066, 'left-to-right isolate'],
  [0x2067, 'right-to-left isolate'],
  [0x2068, 'first strong isolate'],
  [0x2069, 'end of an isolate'],
  [0xfeff, 'zero width no-break space'],
]);

const nameOf = (code: number): string => NAMES.get(code) ?? 'a character that is not seen';

const hexOf = (code: number): string => `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;

/** Text cut into what is plain and what must be made visible; together the parts stand for all of it. */
export const shownParts = (text: string): readonly ShownPart[] => {
  const parts: ShownPart[] = [];
  let at = 0;
  const plain = (to: number): void => {
    if (to > at) parts.push({ kind: 'plain', text: text.slice(at, to) });
  };
  for (const match of text.matchAll(SPECIAL)) {
    plain(match.index);
    parts.push(partOf(match));
    at = match.index + match[0].length;
  }
  plain(text.length);
  return parts;
};

const partOf = ({ 0: found, groups = {} }: RegExpMatchArray): ShownPart => {
  if (groups.newline !== undefined) return { kind: 'newline' };
  if (groups.gap !== undefined) return { kind: 'gap', text: `${found.length} spaces` };
  const code = groups.named === undefined ? (found.codePointAt(0) ?? 0) : Number.parseInt(groups.named, 16);
  return { kind: 'unseen', text: hexOf(code), name: nameOf(code) };
};

/** The same as one plain text, for places that hold nothing else: ends of lines stay, the rest is spelled out. */
export const shownText = (text: string): string =>
  shownParts(text)
    .map((part) => {
      if (part.kind === 'newline') return '\n';
      if (part.kind === 'gap') return `⟨${part.text}⟩`;
      return part.kind === 'unseen' ? `⟨${part.text}⟩` : part.text;
    })
    .join('');
