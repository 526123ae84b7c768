import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSseParser, type SseEvent } from '../../../src/presentation/client/sseParser.ts';

const parse = (pieces: readonly string[]): readonly SseEvent[] => {
  const events: SseEvent[] = [];
  const parser = createSseParser((event) => events.push(event));
  for (const piece of pieces) parser.feed(piece);
  return events;
};

it('reads what the standard gives as examples', () => {
  expect(parse(['data: YHOO\ndata: +2\ndata: 10\n\n'])).toEqual([
    { event: 'message', data: 'YHOO\n+2\n10', id: undefined },
  ]);
  expect(parse([': test stream\n\ndata: first\nid: 1\n\ndata:second\nid\n\ndata:  third\n\n'])).toEqual([
    { event: 'message', data: 'first', id: '1' },
    { event: 'message', data: 'second', id: '' },
    { event: 'message', data: ' third', id: '' },
  ]);
  expect(parse(['data\n\ndata\ndata\n\ndata:'])).toEqual([
    { event: 'message', data: '', id: undefined },
    { event: 'message', data: '\n', id: undefined },
  ]);
  expect(parse(['event: a\r\ndata: b\r\n\r\ndata: c\n\n'])).toEqual([
    { event: 'a', data: 'b', id: undefined },
    { event: 'message', data: 'c', id: undefined },
  ]);
});

it('reads the same however the text is cut, and only events that are whole', () => {
  const line = fc.constantFrom(
    'data: x',
    'data:y',
    'event: e',
    'id: 7',
    ': c',
    '',
    '',
    'retry: 9',
    'data: ä💥',
  );
  const text = fc
    .array(fc.tuple(line, fc.constantFrom('\n', '\r\n')))
    .map((lines) => lines.map(([one, end]) => one + end).join(''));
  fc.assert(
    fc.property(text, fc.array(fc.nat(80), { maxLength: 12 }), (whole, cuts) => {
      const places = [0, ...cuts.filter((cut) => cut < whole.length).toSorted((a, b) => a - b), whole.length];
      const pieces = places.slice(1).map((to, at) => whole.slice(places[at], to));
      // A CR at the very end may be half of a CRLF: what follows tells.
      expect(parse([...pieces, ':'])).toEqual(parse([`${whole}:`]));
    }),
  );
});

it('does not keep an event without end in memory', () => {
  const parser = createSseParser(() => undefined);
  const megabyte = `data: ${'x'.repeat(1024 * 1024)}\n`;
  expect(() => {
    for (let n = 0; n < 20; n += 1) parser.feed(megabyte);
  }).toThrow(RangeError);
});
