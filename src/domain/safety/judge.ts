import { adviceFor } from './advice.ts';
import { effectsOf } from './effectsOf.ts';
import type { ToolFacts } from './facts.ts';
import { judgePath, lookupsOf } from './fence.ts';
import { type Reason, RISKS, type Risk, type ToolCall, type Verdict, worst } from './verdict.ts';

const isRefused = (risk: Risk): boolean => RISKS.indexOf(risk) >= RISKS.indexOf('HIGH');

/** A span is shown to people and models: control characters would let it display as something else. */
const shown = (span: string): string => {
  const plain = span.replaceAll(
    /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/gu,
    (c) => (c === '\n' ? '⏎' : `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
  return plain.length > 200 ? `${plain.slice(0, 199)}…` : plain;
};

const messageFor = (tool: string, refused: readonly Reason[]): string => {
  const first = refused[0];
  if (first === undefined) return '';
  const others = [...new Set(refused.slice(1).map((reason) => reason.text))].filter(
    (text) => text !== first.text,
  );
  const also = others.length === 0 ? '' : ` (also: ${others.slice(0, 3).join('; ')})`;
  return `${tool} \`${first.span}\` is refused because ${first.text}${also}; instead ${adviceFor(first.code)}.`;
};

/**
 * What one tool call of a worker would do, and whether it may: its risk is its worst effect, not its tool.
 * Pure; never throws. HIGH and above is refused, with a message for the model.
 */
export const judge = (call: ToolCall, facts: ToolFacts): Verdict => {
  const judged = effectsOf(call, facts.cwd).map((effect): Reason => {
    if (effect.type === 'path') return judgePath(effect, facts);
    return { code: effect.code, risk: effect.risk, span: effect.span, text: effect.text };
  });
  const byText = new Map(
    judged.map((reason) => [`${reason.code}\n${reason.span}`, { ...reason, span: shown(reason.span) }]),
  );
  const reasons = [...byText.values()].toSorted((a, b) => RISKS.indexOf(b.risk) - RISKS.indexOf(a.risk));
  const risk = reasons.reduce<Risk>((most, reason) => worst(most, reason.risk), 'SAFE');
  const allowed = !isRefused(risk);
  return {
    risk,
    allowed,
    reasons,
    message: allowed
      ? ''
      : messageFor(
          call.tool,
          reasons.filter((reason) => isRefused(reason.risk)),
        ),
  };
};

/**
 * Absolute lexical paths that a call names for reading or writing, with the folders that `..` leaves. An
 * adapter finds their real paths and hands them to `judge` as `facts.realPaths`.
 */
export const pathsOf = (call: ToolCall, cwd: string): readonly string[] => [
  ...new Set(effectsOf(call, cwd).flatMap((effect) => (effect.type === 'path' ? lookupsOf(effect) : []))),
];
