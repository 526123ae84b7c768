import { deniedMessage } from '../../../application/approving/asking/workerMessages.ts';
import type { JudgedPart } from '../../../domain/safety/judge.ts';
import { shownWords, withoutMarkers } from '../../../domain/safety/shownWords.ts';
import {
  type Decision,
  RISKS,
  type Risk,
  strictest,
  type ToolCall,
  worst,
} from '../../../domain/safety/verdict.ts';
import { inColumns, type Painter, printable, printableCell } from '../terminal.ts';
import type { ExplainedCall } from './safetyDeps.ts';

type Touch = { readonly access: 'read' | 'write' | 'delete'; readonly path: string };
type PartReason = {
  readonly code: string;
  readonly risk: Risk;
  readonly decision: Decision;
  readonly text: string;
  readonly rule?: string;
};
type ExplainedPart = {
  readonly command: string;
  readonly risk: Risk;
  readonly decision: Decision;
  readonly reasons: readonly PartReason[];
  readonly touches: readonly Touch[];
};

const nameOf = ({ effect, reason }: JudgedPart): string =>
  effect.argv === undefined ? reason.span : shownWords(effect.argv);

const reasonsOf = (parts: readonly JudgedPart[]): readonly PartReason[] => {
  const all = parts.map(({ reason: { code, risk, text, rule }, decision }) => ({
    code,
    risk,
    decision,
    text,
    ...(rule === undefined ? {} : { rule }),
  }));
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()].toSorted(
    (a, b) => RISKS.indexOf(b.risk) - RISKS.indexOf(a.risk),
  );
};

const touchesOf = (parts: readonly JudgedPart[]): readonly Touch[] => {
  const touches = parts.flatMap(({ effect }) =>
    effect.type === 'path' ? [{ access: effect.access, path: withoutMarkers(effect.path) }] : [],
  );
  return [...new Map(touches.map((touch) => [`${touch.access} ${touch.path}`, touch])).values()];
};

/** What a call does, command by command, wrappers and scripts taken apart, in the order in which it stands there. */
export const partsOf = ({ parts }: ExplainedCall): readonly ExplainedPart[] => {
  const groups = new Map<string, JudgedPart[]>();
  for (const part of parts) {
    const name = nameOf(part);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [part]);
    else group.push(part);
  }
  return [...groups].map(([command, group]) => ({
    command,
    risk: group.reduce<Risk>((most, { reason }) => worst(most, reason.risk), 'SAFE'),
    decision: group.reduce<Decision>((most, { decision }) => strictest(most, decision), 'allow'),
    reasons: reasonsOf(group),
    touches: touchesOf(group),
  }));
};

const COLORS = { allow: 'green', ask: 'yellow', deny: 'red' } as const;

const whatFollows = ({ verdict }: ExplainedCall): string => {
  if (verdict.decision === 'allow') return 'it runs';
  if (verdict.decision === 'deny') return 'it never runs';
  return verdict.approversNeeded === 2 ? 'two people must approve it' : 'a person must approve it';
};

/** What neither is the risk of its part nor decides it only drowns what does. */
const isLower = (part: ExplainedPart, { risk, decision }: PartReason): boolean =>
  risk !== part.risk && (decision === 'allow' || decision !== part.decision);

/** The words for a worker whose call does not run; empty where it runs. */
const heardBy = ({ verdict }: ExplainedCall): string =>
  verdict.decision === 'ask' ? deniedMessage({ decisions: [] }) : verdict.message;

const partLines = (part: ExplainedPart, at: number, paint: Painter): readonly string[] => {
  const lower = part.reasons.filter((reason) => isLower(part, reason));
  const also = [...new Set(lower.map(({ text }) => text))].join('; ');
  const why = part.reasons
    .filter((reason) => !lower.includes(reason))
    .map(({ code, risk, decision, text, rule }) => [
      '    ',
      risk,
      paint(COLORS[decision], decision),
      code,
      printable(rule === undefined ? text : `${text} (rule ${rule})`),
    ]);
  return [
    `${String(at + 1).padStart(2)}. ${printableCell(part.command)}`,
    ...inColumns(why),
    ...(also === '' ? [] : [`     ${paint('dim', `also: ${printable(also)}`)}`]),
    ...part.touches.map(({ access, path }) => `     ${access}: ${printableCell(path)}`),
  ];
};

/** The parse, each part's risks and why, what it would touch, and what decided. */
export const explanationText = (explained: ExplainedCall, source: string, paint: Painter): string => {
  const { verdict, policy } = explained;
  const heard = heardBy(explained);
  return [
    `${paint('bold', 'decision')}  ${paint(COLORS[verdict.decision], verdict.decision)}: ${whatFollows(explained)}`,
    `${paint('bold', 'risk')}      ${verdict.risk}`,
    `${paint('bold', 'policy')}    ${printable(source)}, sha256 ${policy.hash.slice(0, 16)}`,
    '',
    ...partsOf(explained).flatMap((part, at) => partLines(part, at, paint)),
    ...(heard === ''
      ? []
      : [
          '',
          `${paint('bold', verdict.decision === 'ask' ? 'if denied, a worker hears' : 'a worker hears')}  ${printable(heard)}`,
        ]),
    '',
  ].join('\n');
};

export const explanationToWire = (call: ToolCall, explained: ExplainedCall, source: string) => ({
  tool: call.tool,
  input: call.input,
  decision: explained.verdict.decision,
  risk: explained.verdict.risk,
  approvers_needed: explained.verdict.decision === 'ask' ? explained.verdict.approversNeeded : 0,
  policy: { source, hash: explained.policy.hash },
  parts: partsOf(explained),
  message: heardBy(explained),
});
