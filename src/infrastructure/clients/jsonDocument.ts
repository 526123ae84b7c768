import { type Node, type ParseError, parseTree, printParseErrorCode, visit } from 'jsonc-parser';
import { BrokenText, lineAt } from './brokenText.ts';

export type Span = { readonly start: number; readonly end: number };
export type Comment = Span & { readonly toLineEnd: boolean };
export type Property = Span & { readonly key: string; readonly value: Node };

/** A JSON text with comments, taken apart as far as an edit that leaves the rest alone needs. */
export type JsonDocument = {
  readonly text: string;
  readonly root: Node;
  /** Offsets of all commas. */
  readonly commas: readonly number[];
  readonly comments: readonly Comment[];
  readonly eol: string;
  /** One step of indentation. */
  readonly unit: string;
};

/** @throws BrokenText with the line of the first fault, or where the text is no object. */
export const readDocument = (text: string): JsonDocument => {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const [fault] = errors;
  if (fault !== undefined) {
    throw new BrokenText(
      `line ${lineAt(text, fault.offset)} is not valid JSON (${printParseErrorCode(fault.error)})`,
    );
  }
  if (root?.type !== 'object') throw new BrokenText('line 1 is not a JSON object');
  const commas: number[] = [];
  const comments: Comment[] = [];
  visit(
    text,
    {
      onSeparator: (character, offset) => {
        if (character === ',') commas.push(offset);
      },
      onComment: (offset, length) => {
        comments.push({ start: offset, end: offset + length, toLineEnd: text[offset + 1] === '/' });
      },
    },
    { allowTrailingComma: true },
  );
  const [first] = propertiesOf(root);
  return {
    text,
    root,
    commas,
    comments,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
    unit: (first === undefined ? '' : indentAt(text, first.start)) || '  ',
  };
};

export const propertiesOf = (object: Node): readonly Property[] =>
  (object.children ?? []).flatMap((child) => {
    const [key, value] = child.children ?? [];
    return key === undefined || value === undefined
      ? []
      : [{ start: child.offset, end: value.offset + value.length, key: String(key.value), value }];
  });

/** The property that counts: of equal names every reader takes the last. */
export const propertyOf = (object: Node, key: string): Property | undefined =>
  propertiesOf(object).findLast((property) => property.key === key);

/** The blanks that a line begins with, where nothing else stands before `offset`; else none. */
export const indentAt = (text: string, offset: number): string => {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return /^[ \t]*$/.test(line) ? line : '';
};

/** Where the last comma, comment or `after` itself ends in a span that holds no values. */
export const lastTokenEnd = (document: JsonDocument, after: number, before: number): number =>
  Math.max(
    after,
    ...document.commas.filter((at) => at >= after && at < before).map((at) => at + 1),
    ...document.comments.filter(({ start }) => start >= after && start < before).map(({ end }) => end),
  );

export const commaBetween = (document: JsonDocument, after: number, before: number): number | undefined =>
  document.commas.find((at) => at >= after && at < before);

export type Edit = Span & { readonly text: string };

export const applyEdits = (text: string, edits: readonly Edit[]): string =>
  [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce((so, edit) => so.slice(0, edit.start) + edit.text + so.slice(edit.end), text);
