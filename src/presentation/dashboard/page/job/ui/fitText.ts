const known = new Map<string, string>();
const MOST_KNOWN = 5000;
let pen: CanvasRenderingContext2D | null | undefined;

/**
 * Text cut with an ellipsis so that it fits into `width` pixels: SVG cannot do that by itself.
 * @param font as in CSS, for example `600 13px`; the family is the page's own.
 */
export const fitText = (text: string, width: number, font: string): string => {
  const key = `${font} ${Math.floor(width)} ${text}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  if (known.size > MOST_KNOWN) known.clear();
  const fitted = measure(text, width, font);
  known.set(key, fitted);
  return fitted;
};

const measure = (text: string, width: number, font: string): string => {
  pen ??= document.createElement('canvas').getContext('2d');
  if (pen === null) return text;
  pen.font = `${font} ${getComputedStyle(document.body).fontFamily}`;
  if (pen.measureText(text).width <= width) return text;
  // Letters of fonts that people read are between 3 and 20 pixels wide: no need to look further.
  let low = Math.min(text.length, Math.floor(width / 20));
  let high = Math.min(text.length, Math.ceil(width / 3));
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (pen.measureText(`${text.slice(0, middle).trimEnd()}…`).width <= width) low = middle;
    else high = middle - 1;
  }
  const head = text.slice(0, low).trimEnd();
  return `${head.isWellFormed() ? head : head.slice(0, -1)}…`;
};
