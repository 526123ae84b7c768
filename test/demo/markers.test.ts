import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseMarkers, readScript, turnsOf, write, writeTool } from '../../demo/scripted-api/markers.ts';

const prose = fc.string({ maxLength: 80 }).filter((text) => !text.includes('[['));

test('any tool input, nested markers and brackets included, comes back as it was written', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(prose, fc.dictionary(fc.string(), fc.jsonValue()))),
      prose,
      (calls, end) => {
        const text = calls.map(([before, input]) => `${before}\n${writeTool('Write', input)}`).join('\n');
        // A prose that ends in "[" would make "[[[": part of the prose, not of the marker.
        const markers = parseMarkers(`${text}\n${end}`);
        expect(markers.map(({ name }) => name)).toEqual(calls.map(() => 'tool'));
        expect(markers.map(({ argument }) => JSON.parse(argument.replace(/^Write /, '')))).toEqual(
          calls.map(([, input]) => JSON.parse(JSON.stringify(input))),
        );
      },
    ),
  );
});

test('no text whatever makes the parser throw or find a marker that the text does not hold', () => {
  const pieces = fc.array(
    fc.oneof(
      fc.constantFrom('[[', ']]', '[[text:', '{', '}', '"', '\\', '[', ']', '[[begin]]', '[[next]]'),
      fc.string(),
    ),
  );
  fc.assert(
    fc.property(pieces, (parts) => {
      const text = parts.join('');
      for (const { raw } of parseMarkers(text)) expect(text).toContain(raw);
      expect(turnsOf(readScript(text).markers).length).toBeGreaterThan(0);
    }),
  );
});

test('a marker may hold "]]" inside JSON, and the next one is still found', () => {
  const input = { edits: [[1], [2]], text: 'a ]] b [[text:no]] "' };
  const markers = parseMarkers(`go ${writeTool('Write', input)}${write('text', 'yes')}`);
  expect(markers.map(({ name, argument }) => [name, argument])).toEqual([
    ['tool', `Write ${JSON.stringify(input)}`],
    ['text', 'yes'],
  ]);
});

test('only what stands between the last begin and its end is heard', () => {
  const wrapped =
    '# Goal [[text:goal]]\n[[begin]][[text:old]][[end]]\n# Task\n[[begin]] do [[text:task]] [[end]]\n# Notes [[text:notes]]';
  expect(readScript(wrapped).markers.map(({ argument }) => argument)).toEqual(['task']);
});

test('a script without begin is heard whole', () => {
  expect(readScript('a [[text:b]] c [[delay:5]]').markers.map(({ name }) => name)).toEqual(['text', 'delay']);
});

test('next divides a script into the turns of a conversation', () => {
  const { markers } = readScript('[[text:one]][[next]][[text:two]][[text:three]][[next]]');
  expect(turnsOf(markers).map((turn) => turn.map(({ argument }) => argument))).toEqual([
    ['one'],
    ['two', 'three'],
    [],
  ]);
});
