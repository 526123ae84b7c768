import { isUnverified } from '../../domain/verification.ts';
import type { JobAnswer } from '../wire/job.ts';
import type { ResultAnswer } from '../wire/result.ts';
import type { TaskAnswer } from '../wire/task.ts';
import { taskState } from '../wire/taskState.ts';
import { waitingLines } from './approval/waitingText.ts';
import { PROGRAM } from './command.ts';
import { durationText, moneyText, secondsBetween } from './figures.ts';
import { isTaskUnverified, JOB_STYLE, NOT_VERIFIED, taskLook } from './glyphs.ts';
import { inColumns, type Painter, printable, printableCell, printableText } from './terminal.ts';

const indented = (text: string): string => printable(text).replaceAll('\n', '\n      ');

const causeLines = (task: TaskAnswer, paint: Painter): readonly string[] => [
  ...(task.error === undefined
    ? []
    : [
        `    ${paint('red', 'error:')} ${indented(task.error.message)}`,
        `    ${paint('cyan', 'hint:')}  ${indented(task.error.hint)}`,
      ]),
  ...(task.reason === undefined ? [] : [`    reason: ${indented(task.reason)}`]),
  ...(task.kept_worktree === undefined ? [] : [`    kept:   ${printableCell(task.kept_worktree)}`]),
];

const verificationWord = (task: TaskAnswer): string => {
  if (task.verification !== 'none') return task.verification;
  return isTaskUnverified(task) ? NOT_VERIFIED : '-';
};

const taskLines = ({ tasks, approvals }: JobAnswer, paint: Painter): readonly string[] => {
  const rows = inColumns(
    tasks.map((task) => [
      printableCell(task.id),
      taskState(task, approvals),
      verificationWord(task),
      durationText(task.seconds),
      moneyText(task.cost_usd),
      printableCell(task.title),
    ]),
  );
  return tasks.flatMap((task, at) => {
    const { glyph, style } = taskLook(task);
    return [`  ${paint(style, glyph)} ${rows[at] ?? ''}`, ...causeLines(task, paint)];
  });
};

/** What a person would type now. */
export const nextCommand = (job: JobAnswer): string | undefined => {
  const failed = job.tasks.find((task) => task.status === 'failed');
  switch (job.status) {
    case 'succeeded':
      if (job.branch === undefined || job.commit === undefined || job.applied === true) return undefined;
      return `git merge ${printableCell(job.branch)}`;
    case 'failed':
      return `${PROGRAM} steer ${job.job_id} --retry${failed === undefined ? '' : ` --task ${printableCell(failed.id)}`}`;
    case 'cancelled':
      return undefined;
    default:
      return `${PROGRAM} watch ${job.job_id}`;
  }
};

const verifyLine = (
  { verification, verification_note: note }: JobAnswer,
  paint: Painter,
): readonly string[] => {
  if (verification === 'none' && note === undefined) return [];
  const word = isUnverified(verification, note) ? paint('yellow', `! ${NOT_VERIFIED}`) : verification;
  return [`verify: ${word}${note === undefined ? '' : `, ${printable(note)}`}`];
};

const filesLine = ({ files_changed, omitted, status }: JobAnswer): readonly string[] => {
  const count = files_changed.length + (omitted?.files_changed ?? 0);
  if (count > 0) return [`files:  ${count} changed`];
  return status === 'succeeded' ? ['files:  none changed'] : [];
};

const factLines = (job: JobAnswer, paint: Painter): readonly string[] => {
  const next = nextCommand(job);
  return [
    ...(job.branch === undefined
      ? []
      : [`branch: ${printableCell(job.branch)}${job.applied === true ? ' (merged into yours)' : ''}`]),
    ...verifyLine(job, paint),
    ...filesLine(job),
    ...job.warnings.map((text) => `${paint('yellow', 'warning:')} ${printable(text)}`),
    ...waitingLines(job, paint),
    ...(job.attention === undefined
      ? []
      : [`${paint('yellow', 'you are wanted:')} ${printable(job.attention.reason)}`]),
    ...(job.error === undefined
      ? []
      : [
          `${paint('red', 'error:')} ${printable(job.error.message)}`,
          `${paint('cyan', 'hint:')}  ${printable(job.error.hint)}`,
        ]),
    ...(next === undefined ? [] : [`next:   ${next}`]),
  ];
};

/** `job_… succeeded · 3/3 done · 12s · $0.42` @param now milliseconds since the epoch */
export const headline = (job: JobAnswer, now: number, paint: Painter): string =>
  [
    `${paint('bold', job.job_id)} ${paint(JOB_STYLE[job.status], job.status)}`,
    job.progress.total === 0 ? 'no plan yet' : `${job.progress.done}/${job.progress.total} done`,
    durationText(secondsBetween(job.created_at, job.ended_at, now)),
    moneyText(job.cost_usd),
  ].join(' · ');

/** A job for a person: how it stands, each task, what is wrong, and what to type now. */
export const jobText = (job: JobAnswer, now: number, paint: Painter): string => {
  const omitted = job.omitted?.tasks ?? 0;
  return [
    headline(job, now, paint),
    ...taskLines(job, paint),
    ...(omitted === 0 ? [] : [`  … and ${omitted} more tasks`]),
    ...factLines(job, paint),
    '',
  ].join('\n');
};

/** What is left to say to whoever has watched: what went wrong, and what to type now. */
export const closingText = (job: JobAnswer, paint: Painter): string => {
  const causes = job.tasks.flatMap((task) => {
    const lines = causeLines(task, paint);
    return lines.length === 0 ? [] : [`  ${printableCell(task.id)} ${task.status}`, ...lines];
  });
  return [...causes, ...factLines(job, paint), ''].join('\n');
};

const figure = (receipt: NonNullable<ResultAnswer['receipt']>, name: string): number | undefined => {
  const value = receipt[name];
  return typeof value === 'number' ? value : undefined;
};

const receiptLine = ({ receipt }: ResultAnswer): readonly string[] => {
  if (receipt === undefined) return [];
  const speedup = figure(receipt, 'speedup');
  const parts = [
    ['lanes', figure(receipt, 'lanes')],
    ['conflicts', figure(receipt, 'conflicts')],
    ['repairs', figure(receipt, 'repairs')],
    ['retries', figure(receipt, 'retries')],
    ['calls refused or denied', figure(receipt, 'refusals')],
  ].flatMap(([name, value]) => (value === undefined ? [] : [`${value} ${name}`]));
  return [
    `receipt: ${[...(speedup === undefined ? [] : [`${speedup.toFixed(1)}x faster than one by one`]), ...parts].join(' · ')}`,
  ];
};

/** The same with what the workers said, what changed and what it took. */
export const resultText = (result: ResultAnswer, now: number, paint: Painter): string =>
  [
    jobText(result, now, paint).trimEnd(),
    ...receiptLine(result),
    ...(result.diff_stat.trim() === '' ? [] : ['', printableText(result.diff_stat).trimEnd()]),
    ...(result.output.trim() === '' ? [] : ['', printableText(result.output).trimEnd()]),
    '',
  ].join('\n');
