import type { z } from 'zod';
import type { BoundCall } from './approval.ts';

type Json = z.core.util.JSONType;

/** UTF-16 units of a string that are turned into JSON at once. */
const PIECE = 4096;
const HIGH = /[\uD800-\uDBFF]/;

/** The pieces of `JSON.stringify(value)`, one after the other: whoever has read enough stops there. */
function* jsonPieces(value: Json): Generator<string, void> {
  if (typeof value === 'string') {
    yield '"';
    for (let from = 0; from < value.length; ) {
      let to = from + PIECE;
      // Half of a surrogate pair would be written as an escape.
      while (HIGH.test(value.charAt(to - 1))) to += 1;
      yield JSON.stringify(value.slice(from, to)).slice(1, -1);
      from = to;
    }
    yield '"';
  } else if (Array.isArray(value)) {
    yield '[';
    for (const [at, part] of value.entries()) {
      if (at > 0) yield ',';
      yield* jsonPieces(part);
    }
    yield ']';
  } else if (typeof value === 'object' && value !== null) {
    yield '{';
    let isFirst = true;
    for (const [name, part] of Object.entries(value)) {
      yield `${isFirst ? '' : ','}${JSON.stringify(name)}:`;
      isFirst = false;
      yield* jsonPieces(part);
    }
    yield '}';
  } else yield JSON.stringify(value);
}

/**
 * What runs: a shell's command as it stands, anything else as JSON. Where that is long (a file's whole content), only
 * as much from its beginning as `visibleAround` needs to show `span` in `maxCharacters`, or `visibleText` its head.
 * @param span what must be in it, where it is anywhere; empty for the head alone.
 */
export const callText = ({ input }: Pick<BoundCall, 'input'>, maxCharacters: number, span = ''): string => {
  if (typeof input.command === 'string') return input.command;
  const pieces: string[] = [];
  let length = 0;
  let tail = '';
  let end = span === '' ? 0 : Number.POSITIVE_INFINITY;
  for (const piece of jsonPieces(input)) {
    pieces.push(piece);
    if (end === Number.POSITIVE_INFINITY) {
      // It may begin in what was there before.
      const looked = tail + piece;
      const at = looked.indexOf(span);
      if (at >= 0) end = length - tail.length + at + span.length;
      tail = looked.slice(looked.length - Math.min(looked.length, span.length - 1));
    }
    length += piece.length;
    if (length > end + maxCharacters) break;
  }
  return pieces.join('');
};
