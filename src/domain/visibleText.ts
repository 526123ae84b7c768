/**
 * What a reader does not see as what it is: controls but tab and newline, directional and zero-width characters,
 * joiners too, fillers, blanks that are no space, halves of surrogate pairs, and what a font may draw as it likes.
 */
const UNSEEN = /[^\P{C}\t\n]|\p{Default_Ignorable_Code_Point}|[^\P{Z} ]|\u2800/gu;

const named = (sign: string): string =>
  `⟨U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;

/** The first `maxCharacters` UTF-16 units, the last one `…` where something was cut. */
export const cut = (text: string, maxCharacters: number): string => {
  if (text.length <= maxCharacters) return text;
  const head = text.slice(0, Math.max(0, maxCharacters - 1));
  // Never half of a surrogate pair.
  return `${head.isWellFormed() ? head : head.slice(0, -1)}…`;
};

/**
 * Text of others for a person who decides by it, such as a command: nothing is left out, and what cannot be seen
 * stands there by its name, `⟨U+202E⟩`. Text that was made visible already stays as it is. At most `maxCharacters`
 * UTF-16 units (the last one is `…` where something was cut).
 */
export const visibleText = (text: string, maxCharacters = Number.POSITIVE_INFINITY): string =>
  // What is cut off in the end need not be read: a name is at most ten characters for one.
  cut(text.slice(0, maxCharacters + 1).replaceAll(UNSEEN, named), maxCharacters);

/** The same on one line: a newline is ` ⏎ `, and a tab has its name, since it looks like a space there. */
export const visibleLine = (text: string, maxCharacters: number): string =>
  cut(
    visibleText(text, maxCharacters + 1)
      .replaceAll('\n', ' ⏎ ')
      .replaceAll('\t', named),
    maxCharacters,
  );

/** A part of `text` of at most `maxCharacters` that has `span` in it, as one visible line. */
export const visibleAround = (text: string, span: string, maxCharacters: number): string => {
  const at = span === '' ? -1 : text.indexOf(span);
  if (text.length <= maxCharacters || at < 0 || at + span.length < maxCharacters)
    return visibleLine(text, maxCharacters);
  const from = Math.max(0, at - Math.max(0, Math.floor((maxCharacters - span.length) / 3)));
  return `…${visibleLine(text.slice(from), maxCharacters - 1)}`;
};
