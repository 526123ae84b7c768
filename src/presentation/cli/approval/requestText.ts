import { visibleLine, visibleText } from '../../../domain/visibleText.ts';
import type { ApprovalAnswer } from '../../wire/approval.ts';
import { diffText } from '../diffText.ts';
import type { Painter } from '../terminal.ts';
import { askedText, DIGEST, INDENT, LINE, reasonLines, riskText, stateText } from './approvalParts.ts';

const DIFF_LINES = 40;

/** A text of a worker, whole, each line marked as not ours. */
const quoted = (text: string): string =>
  visibleText(text)
    .split('\n')
    .map((line) => `${INDENT}${line}`)
    .join('\n');

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
