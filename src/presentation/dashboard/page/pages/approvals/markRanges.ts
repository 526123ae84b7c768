/** A piece of a command; marked where it is what the request is about. */
export type Piece = { readonly text: string; readonly isDanger: boolean };

/** Every place of a span is marked, but a span of one letter would mark half of the command. */
const SHORTEST = 2;
const MOST_PLACES = 200;

/** A span comes on one line and cut where it is long; the command does not. */
const asInCommand = (span: string): string => span.replace(/…$/, '').replaceAll(' ⏎ ', '\n');

const placesOf = (command: string, given: string): readonly (readonly [number, number])[] => {
  const places: [number, number][] = [];
  const span = asInCommand(given);
  if (span.trim().length < SHORTEST) return places;
  for (let at = command.indexOf(span); at !== -1 && places.length < MOST_PLACES; ) {
    places.push([at, at + span.length]);
    at = command.indexOf(span, at + span.length);
  }
  return places;
};

/** The command, whole and in order, cut where the spans of its reasons begin and end. */
export const piecesOf = (command: string, spans: readonly string[]): readonly Piece[] => {
  const places = spans.flatMap((span) => placesOf(command, span)).toSorted(([a], [b]) => a - b);
  const pieces: Piece[] = [];
  let at = 0;
  const add = (to: number, isDanger: boolean): void => {
    if (to <= at) return;
    const last = pieces.at(-1);
    const text = command.slice(at, to);
    // Spans that touch or overlap are one mark.
    if (last?.isDanger === isDanger) pieces[pieces.length - 1] = { text: last.text + text, isDanger };
    else pieces.push({ text, isDanger });
    at = to;
  };
  for (const [from, to] of places) {
    add(from, false);
    add(to, true);
  }
  add(command.length, false);
  return pieces;
};
