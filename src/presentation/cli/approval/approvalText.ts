import { OPEN_APPROVAL } from '../../../domain/approval.ts';
import { RISKS } from '../../../domain/safety/verdict.ts';
import { visibleLine, visibleText } from '../../../domain/visibleText.ts';
import type { ApprovalAnswer, ApprovalRow, Waiting } from '../../wire/approval.ts';
import { PROGRAM } from '../command.ts';
import { diffText } from '../diffText.ts';
import { durationText } from '../figures.ts';
import type { Painter } from '../terminal.ts';

/** Text of a worker stands behind this: a line of its own making cannot be taken for one of ours. */
const INDENT = '  │ ';
const LINE = 400;
const DIGEST = 12;
const DIFF_LINES = 40;
const WAITS = 'waits:';

type Risk = ApprovalRow['risk'];
const riskText = (risk: Risk, paint: Painter): string =>
  paint(risk === 'CRITICAL' || risk === 'HIGH' ? 'red' : 'yellow', risk);

/** A text of a worker, whole, each line marked as not ours. */
const quoted = (text: string): string =>
  visibleText(text)
    .split('\n')
    .map((line) => `${INDENT}${line}`)
    .join('\n');

export const approveCommand = (approvalId: string): string =>
  `${PROGRAM} approve ${visibleLine(approvalId, 64)}`;

/** `rm -rf src: deletes 12 files`, what it is about first. */
const reasonLines = ({ reasons }: Pick<ApprovalRow, 'reasons'>, paint: Painter): readonly string[] => {
  const worst = reasons.reduce((most, { risk }) => Math.max(most, RISKS.indexOf(risk)), 0);
  const decisive = reasons.filter(({ risk }) => RISKS.indexOf(risk) === worst);
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

const stateText = (row: ApprovalRow, now: number): string => {
  if (!OPEN_APPROVAL.has(row.status)) return decidedState(row);
  const left = (Date.parse(row.expires_at) - now) / 1000;
  return left <= 0 ? 'expires now' : `expires in ${durationText(left)}`;
};

const shortDigest = ({ digest }: Pick<ApprovalRow, 'digest'>): string =>
  `digest ${visibleLine(digest, 64).slice(0, DIGEST)}`;

const askedText = ({ asked }: Pick<ApprovalRow, 'asked'>): readonly string[] =>
  asked > 1 ? [`asked ${asked} times`] : [];

const rowLines = (row: ApprovalRow, now: number, paint: Painter): readonly string[] => [
  [
    `${paint('bold', visibleLine(row.approval_id, 64))} ${riskText(row.risk, paint)}`,
    `task ${visibleLine(row.task_id, 64)} of ${visibleLine(row.job_id, 64)}`,
    stateText(row, now),
    ...askedText(row),
    shortDigest(row),
  ].join(' · '),
  ...reasonLines(row, paint),
  `${INDENT}${visibleLine(row.command, LINE)}`,
  ...(row.decided_by === undefined
    ? []
    : [
        `  by ${visibleLine(row.decided_by, 100)}${row.channel === undefined ? '' : ` (${row.channel})`}${row.decision_reason === undefined ? '' : `: ${visibleLine(row.decision_reason, LINE)}`}`,
      ]),
];

/** Approvals for a person, each with the part that it is about before everything else of the worker. */
export const approvalsText = (rows: readonly ApprovalRow[], now: number, paint: Painter): string => {
  if (rows.length === 0) return 'Nothing waits for a decision.\n';
  const [first] = rows.filter(({ status }) => OPEN_APPROVAL.has(status));
  return [
    ...rows.flatMap((row) => rowLines(row, now, paint)),
    ...(first === undefined ? [] : [`decide: ${approveCommand(first.approval_id)} (or deny)`]),
    '',
  ].join('\n');
};

const GIT: Readonly<Record<NonNullable<ApprovalAnswer['touches'][number]['git']>, string>> = {
  clean: 'tracked, as committed',
  modified: 'tracked, with changes that are not committed',
  untracked: 'not in git',
  ignored: 'ignored by git',
  outside: 'outside of the repository',
};

const touchLine = ({ path, access, exists, files, git }: ApprovalAnswer['touches'][number]): string => {
  const what = !exists ? 'not there' : files === 1 ? '1 file' : `${files}${files >= 10_000 ? '+' : ''} files`;
  return `  ${access.padEnd(6)} ${visibleLine(path, LINE)} (${[what, ...(git === undefined ? [] : [GIT[git]])].join(', ')})`;
};

/** Files that the call deletes or writes are listed as that already. */
const namedOnly = ({ files, touches }: ApprovalAnswer): ApprovalAnswer['files'] => {
  const touched = new Set(touches.map(({ path }) => path));
  return files.filter(({ path, real_path }) => !touched.has(path) && !touched.has(real_path));
};

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [title, ...lines];

const diffLines = (diff: string | undefined, most: number, paint: Painter): readonly string[] => {
  if (diff === undefined || diff === '') return [];
  const all = diff.trimEnd().split('\n');
  const shown = visibleText(all.slice(0, most).join('\n'));
  const left = all.length - most;
  return [
    ...diffText(shown, paint)
      .split('\n')
      .map((line) => `${INDENT}${line}`),
    ...(left <= 0 ? [] : [`  … ${left} more lines; --full shows them`]),
  ];
};

/**
 * A request whole: what is dangerous in it, then exactly what would run and where, what it touches, and what it is
 * bound to. The command is never shortened; the diff is, unless `full`.
 */
export const requestText = (
  approval: ApprovalAnswer,
  o: { readonly now: number; readonly paint: Painter; readonly full: boolean },
): string => {
  const { paint } = o;
  return [
    [
      `${paint('bold', visibleLine(approval.approval_id, 64))} ${riskText(approval.risk, paint)}`,
      stateText(approval, o.now),
      ...askedText(approval),
      ...(approval.approvers_needed > 1 ? [`needs ${approval.approvers_needed} approvers`] : []),
    ].join(' · '),
    ...reasonLines(approval, paint),
    `${visibleLine(approval.tool, 100)}:`,
    quoted(approval.command),
    `in ${visibleLine(approval.cwd, 4096)}`,
    ...section(
      'with',
      Object.entries(approval.env).map(
        ([name, value]) => `${INDENT}${visibleLine(`${name}=${value}`, LINE)}`,
      ),
    ),
    ...section('it touches', approval.touches.map(touchLine)),
    ...section(
      'it runs or names',
      namedOnly(approval).map(
        ({ real_path, sha256 }) =>
          `  ${visibleLine(real_path, LINE)} (${sha256 === null ? 'no content' : `sha256 ${visibleLine(sha256, 64).slice(0, DIGEST)}`})`,
      ),
    ),
    ...section('it writes', diffLines(approval.diff, o.full ? Number.POSITIVE_INFINITY : DIFF_LINES, paint)),
    `for task ${visibleLine(approval.task_id, 64)} of ${visibleLine(approval.job_id, 64)}, asked for by ${visibleLine(approval.requested_by, 100)}:`,
    quoted(approval.goal),
    `digest ${visibleLine(approval.digest, 64)}`,
    '',
  ].join('\n');
};

/** One that waits, in one line without its newline: what it is about, and what to type. */
export const waitingLine = (
  { approval_id, task_id, risk, command }: Pick<ApprovalRow, 'approval_id' | 'task_id' | 'risk' | 'command'>,
  paint: Painter,
): string =>
  // What to type comes first: on a narrow terminal the end is cut off.
  `${paint('yellow', WAITS)} ${approveCommand(approval_id)} · ${riskText(risk, paint)} ${visibleLine(command, 80)} (${visibleLine(task_id, 64)})`;

/** What waits of a job: the oldest, and how to see the others. */
export const waitingLines = (
  { job_id, approvals }: { readonly job_id: string; readonly approvals?: Waiting | undefined },
  paint: Painter,
): readonly string[] => {
  if (approvals === undefined) return [];
  const { first, open } = approvals;
  return [
    waitingLine(first, paint),
    ...(open > 1
      ? [`${paint('yellow', WAITS)} ${PROGRAM} approvals --job ${job_id} · ${open - 1} more`]
      : []),
  ];
};
