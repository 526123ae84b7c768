import { OPEN_APPROVAL } from '../../../domain/approval.ts';
import { visibleLine } from '../../../domain/visibleText.ts';
import type { ApprovalRow } from '../../wire/approval.ts';
import { graveOf } from '../../wire/askedAbout.ts';
import { PROGRAM } from '../command.ts';
import { durationText } from '../figures.ts';
import type { Painter } from '../terminal.ts';

/** Text of a worker stands behind this: a line of its own making cannot be taken for one of ours. */
export const INDENT = '  │ ';
/** Characters of one text of others on a line. */
export const LINE = 400;
/** Characters of a digest that tell two apart. */
export const DIGEST = 12;

type Risk = ApprovalRow['risk'];
export const riskText = (risk: Risk, paint: Painter): string =>
  paint(risk === 'CRITICAL' || risk === 'HIGH' ? 'red' : 'yellow', risk);

export const approveCommand = (approvalId: string): string =>
  `${PROGRAM} approve ${visibleLine(approvalId, 64)}`;

/** `rm -rf src: deletes 12 files`, what it is about first. */
export const reasonLines = ({ reasons }: Pick<ApprovalRow, 'reasons'>, paint: Painter): readonly string[] => {
  const decisive = graveOf(reasons);
  const lower = reasons.filter((reason) => !decisive.includes(reason));
  return [
    ...decisive.map(
      ({ risk, span, text }) =>
        `  ${riskText(risk, paint)} ${paint('bold', visibleLine(span, LINE))}: ${visibleLine(text, LINE)}`,
    ),
    ...alsoLine(
      lower.map(({ text }) => text),
      paint,
    ),
  ];
};

/** What would not have been asked about by itself, in one line. */
const alsoLine = (texts: readonly string[], paint: Painter): readonly string[] =>
  texts.length === 0
    ? []
    : [`  ${paint('dim', `also: ${visibleLine([...new Set(texts)].join('; '), LINE)}`)}`];

/** How it ended. A denial that the worker was told is used up as well, and nothing ran. */
export const decidedState = ({ status, decision }: Pick<ApprovalRow, 'status' | 'decision'>): string => {
  if (status !== 'used') return status;
  return decision === 'deny' ? 'denied' : 'approved, ran';
};

export const stateText = (row: ApprovalRow, now: number): string => {
  if (!OPEN_APPROVAL.has(row.status)) return decidedState(row);
  const left = (Date.parse(row.expires_at) - now) / 1000;
  return left <= 0 ? 'expires now' : `expires in ${durationText(left)}`;
};

export const askedText = ({ asked }: Pick<ApprovalRow, 'asked'>): readonly string[] =>
  asked > 1 ? [`asked ${asked} times`] : [];
