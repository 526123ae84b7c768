import { getNodeValue, type Node } from 'jsonc-parser';
import { BrokenText, lineAt } from './brokenText.ts';
import {
  applyEdits,
  commaBetween,
  type Edit,
  indentAt,
  type JsonDocument,
  lastTokenEnd,
  type Property,
  propertiesOf,
  propertyOf,
  readDocument,
} from './jsonDocument.ts';

/**
 * Puts one server into a JSON file and takes it out again, as `text → text`. What is taken out is exactly what
 * was put in, so that every other byte stays: comments, indentation, line ends, a byte order mark.
 * The file has its servers in one object of the root, `container`.
 */

/** @returns the value of the server, or undefined. @throws BrokenText */
export const readJsonEntry = (text: string, container: string, name: string): unknown => {
  const { body } = split(text);
  if (body.trim() === '') return undefined;
  const servers = serversOf(readDocument(body), container);
  const entry = servers === undefined ? undefined : propertyOf(servers, name);
  return entry === undefined ? undefined : getNodeValue(entry.value);
};

/** @returns the text with the server added, or replaced where it stands. @throws BrokenText */
export const putJsonEntry = (text: string, container: string, name: string, value: object): string => {
  const { mark, body } = split(text);
  if (body.trim() === '') {
    const whole = JSON.stringify({ [container]: { [name]: value } }, null, 2);
    return `${mark}${body}${whole}\n`;
  }
  const document = readDocument(body);
  const servers = serversOf(document, container);
  if (servers === undefined) {
    return mark + applyEdits(body, insertion(document, document.root, container, { [name]: value }));
  }
  const entry = propertyOf(servers, name);
  if (entry === undefined) return mark + applyEdits(body, insertion(document, servers, name, value));
  const indent = blanksOfLine(body, entry.start);
  const replaced = { start: entry.value.offset, end: entry.end, text: render(document, value, indent) };
  return mark + applyEdits(body, [replaced]);
};

/** @returns the text without the server, and without a container that was made for it. @throws BrokenText */
export const removeJsonEntry = (text: string, container: string, name: string): string => {
  const { mark, body } = split(text);
  if (body.trim() === '') return text;
  const document = readDocument(body);
  const servers = serversOf(document, container);
  const entry = servers === undefined ? undefined : propertyOf(servers, name);
  if (servers === undefined || entry === undefined) return text;
  const alone = propertiesOf(servers).length === 1;
  if (!alone || !madeByUs(document, servers, entry)) {
    const without = mark + applyEdits(body, removal(document, servers, entry));
    return removeJsonEntry(without, container, name);
  }
  const holder = propertyOf(document.root, container);
  if (holder === undefined) return text;
  const onlyThat = propertiesOf(document.root).length === 1 && madeByUs(document, document.root, holder);
  const end = document.root.offset + document.root.length;
  if (onlyThat && body.slice(end) === '\n' && body.slice(0, document.root.offset).trim() === '') {
    return mark + body.slice(0, document.root.offset);
  }
  return mark + applyEdits(body, removal(document, document.root, holder));
};

const split = (text: string): { mark: string; body: string } =>
  text.startsWith('\uFEFF') ? { mark: '\uFEFF', body: text.slice(1) } : { mark: '', body: text };

const serversOf = (document: JsonDocument, container: string): Node | undefined => {
  const holder = propertyOf(document.root, container);
  if (holder === undefined) return undefined;
  if (holder.value.type !== 'object') {
    throw new BrokenText(`line ${lineAt(document.text, holder.start)}: "${container}" is not an object`);
  }
  return holder.value;
};

/** An object that we made has its first property on a line of its own; one that was there, and empty, has not. */
const madeByUs = (document: JsonDocument, object: Node, first: Property): boolean =>
  /^\s*\n\s*$/.test(document.text.slice(object.offset + 1, first.start)) &&
  document.text.slice(first.end, object.offset + object.length - 1).trim() === '';

const render = ({ eol, unit }: JsonDocument, value: object, indent: string): string =>
  JSON.stringify(value, null, unit).split('\n').join(`${eol}${indent}`);

const insertion = (document: JsonDocument, object: Node, key: string, value: object): readonly Edit[] => {
  const { text, eol, unit } = document;
  const open = object.offset + 1;
  const close = object.offset + object.length - 1;
  const properties = propertiesOf(object);
  const last = properties.at(-1);
  const at = lastTokenEnd(document, last?.end ?? open, close);
  const afterLineComment = document.comments.some(({ end, toLineEnd }) => end === at && toLineEnd);
  const outer = blanksOfLine(text, object.offset);
  const indent = properties[0] === undefined ? '' : indentAt(text, properties[0].start) || outer + unit;
  const property = (inner: string): string => `${JSON.stringify(key)}: ${render(document, value, inner)}`;
  if (last === undefined) {
    // See `madeByUs`: what was there stays recognizable, so that it can be given back as it was.
    return [{ start: at, end: at, text: `${afterLineComment ? eol : ''}${property(outer)}` }];
  }
  const onLines = afterLineComment || text.slice(open, last.start).includes('\n');
  const lead = onLines ? `${eol}${indent}` : ' ';
  const trailing = commaBetween(document, last.end, close) !== undefined;
  const added = { start: at, end: at, text: `${lead}${property(onLines ? indent : outer)}` };
  if (trailing) return [{ ...added, text: `${added.text},` }];
  if (at === last.end) return [{ ...added, text: `,${added.text}` }];
  return [added, { start: last.end, end: last.end, text: ',' }];
};

const blanksOfLine = (text: string, offset: number): string =>
  /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset))?.[0] ?? '';

const removal = (document: JsonDocument, object: Node, gone: Property): readonly Edit[] => {
  const open = object.offset + 1;
  const close = object.offset + object.length - 1;
  const properties = propertiesOf(object);
  const index = properties.findIndex(({ start }) => start === gone.start);
  const previous = properties[index - 1];
  const next = properties[index + 1];
  const start = lastTokenEnd(document, previous?.end ?? open, gone.start);
  const comma = commaBetween(document, gone.end, next?.start ?? close);
  if (comma !== undefined) {
    const between = document.text.slice(gone.end, comma);
    // A comment between value and comma is not ours: the comma goes alone.
    return between.trim() === ''
      ? [{ start, end: comma + 1, text: '' }]
      : [
          { start, end: gone.end, text: '' },
          { start: comma, end: comma + 1, text: '' },
        ];
  }
  const before = previous === undefined ? undefined : commaBetween(document, previous.end, gone.start);
  const out = { start, end: gone.end, text: '' };
  if (before === undefined) return [out];
  return before + 1 === start
    ? [{ ...out, start: before }]
    : [out, { start: before, end: before + 1, text: '' }];
};
