import { adviceFor } from './advice.ts';
import type { Reason } from './verdict.ts';

/** A span is shown to people and models: control characters would let it display as something else. */
export const shown = (span: string): string => {
  const plain = span.replaceAll(
    /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/gu,
    (c) => (c === '\n' ? '⏎' : `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
  return plain.length > 200 ? `${plain.slice(0, 199)}…` : plain;
};

/** What the worker is told: the first reason, the others in short, and what it can do instead. */
export const messageFor = (tool: string, refused: readonly Reason[]): string => {
  const [first] = refused;
  if (first === undefined) return '';
  const others = [...new Set(refused.slice(1).map((reason) => reason.text))].filter(
    (text) => text !== first.text,
  );
  const also = others.length === 0 ? '' : ` (also: ${others.slice(0, 3).join('; ')})`;
  return `${tool} \`${first.span}\` is refused because ${first.text}${also}; instead ${adviceFor(first.code)}.`;
};
