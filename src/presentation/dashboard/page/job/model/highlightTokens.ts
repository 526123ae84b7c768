/** A stretch of text with the classes that the highlighter gave it, none for plain text. */
export type Token = { readonly text: string; readonly classes: string };

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#x27;': "'",
};

/**
 * What highlight.js wrote, as lines of tokens. Its output is never put into the page as HTML: the only tags in
 * it are its own spans, everything else is text, and as text it is drawn.
 */
export const tokenLines = (html: string): readonly (readonly Token[])[] => {
  const lines: Token[][] = [[]];
  const open: string[] = [];
  const say = (piece: string): void => {
    const text = piece.replaceAll(/&(?:amp|lt|gt|quot|#x27);/g, (entity) => ENTITIES[entity] ?? entity);
    text.split('\n').forEach((part, index) => {
      if (index > 0) lines.push([]);
      if (part !== '') lines.at(-1)?.push({ text: part, classes: open.join(' ').trim() });
    });
  };
  let at = 0;
  for (const tag of html.matchAll(/<span class="([^"<>]*)">|<\/span>/g)) {
    say(html.slice(at, tag.index));
    if (tag[1] === undefined) open.pop();
    else open.push(tag[1]);
    at = tag.index + tag[0].length;
  }
  say(html.slice(at));
  return lines;
};
