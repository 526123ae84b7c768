import { type TaskStatus, TERMINAL_TASK } from '../../../domain/task.ts';
import type { DetailedTaskAnswer } from '../../wire/task.ts';
import { approvalOf, taskState } from '../../wire/taskState.ts';
import type { WholeJobAnswer } from '../../wire/wholeJob.ts';
import { waitingLines } from '../approval/waitingText.ts';
import { durationText, moneyText, secondsBetween } from '../figures.ts';
import { cellsOf, fit, padTo } from '../fit.ts';
import { isTaskUnverified, JOB_STYLE, NOT_VERIFIED, taskLook } from '../glyphs.ts';
import { type Painter, painter, printableCell } from '../terminal.ts';

export type Room = {
  readonly columns: number;
  readonly rows: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly paint: Painter;
};

/** Where not all tasks fit, these are shown first. */
const RANK: Readonly<Record<TaskStatus, number>> = {
  failed: 0,
  parked: 0,
  running: 1,
  verifying: 1,
  ready: 2,
  cancelled: 3,
  skipped: 3,
  waiting: 4,
  done: 5,
};

const BAR_CELLS = 40;
/** Headline, bar, and the line of what is left out. */
const FIXED_LINES = 3;
const PLAIN = painter(false);
const ID_CELLS = 16;

const countsText = (tasks: readonly DetailedTaskAnswer[]): string => {
  const counts = new Map<TaskStatus, number>();
  for (const { status } of tasks) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => RANK[a] - RANK[b])
    .map(([status, count]) => `${count} ${status}`)
    .join(' · ');
};

/** The share that has ended, in `cells`; what failed stands out. */
const bar = (tasks: readonly DetailedTaskAnswer[], cells: number, paint: Painter): string => {
  const total = Math.max(1, tasks.length);
  const ended = tasks.filter(({ status }) => TERMINAL_TASK.has(status));
  const done = Math.floor((ended.filter(({ status }) => status === 'done').length / total) * cells);
  const filled = Math.floor((ended.length / total) * cells);
  return (
    paint('green', '█'.repeat(done)) +
    paint('red', '█'.repeat(filled - done)) +
    paint('dim', '░'.repeat(cells - filled))
  );
};

const secondsOf = (task: DetailedTaskAnswer, now: number): number =>
  (task.status === 'running' || task.status === 'verifying') && task.started_at !== undefined
    ? secondsBetween(task.started_at, undefined, now)
    : task.seconds;

const taskLine = (
  task: DetailedTaskAnswer,
  waiting: WholeJobAnswer['approvals'],
  idCells: number,
  { columns, now, paint }: Room,
): string => {
  const { glyph, style } = taskLook(task);
  const seconds = secondsOf(task, now);
  const figures = `  ${(seconds > 0 ? durationText(seconds) : '').padStart(7)} ${(task.cost_usd > 0 ? moneyText(task.cost_usd) : '').padStart(7)}`;
  const roomy = columns >= 50;
  // The glyph tells how a task stands, but not that it stands still.
  const state = approvalOf(task, waiting) === undefined ? '' : `${taskState(task, waiting)}: `;
  const title = `${isTaskUnverified(task) ? `${NOT_VERIFIED}: ` : state}${printableCell(task.title)}`;
  const words = `${padTo(printableCell(task.id), idCells)}  ${title}`;
  const cells = columns - 1 - 2 - (roomy ? figures.length : 0);
  const text = roomy ? `${padTo(words, cells)}${figures}` : fit(words, cells);
  return `${paint(style, glyph)} ${style === 'dim' ? paint('dim', text) : text}`;
};

const shownOf = (tasks: readonly DetailedTaskAnswer[], most: number): readonly DetailedTaskAnswer[] => {
  if (tasks.length <= most) return tasks;
  const chosen = new Set([...tasks].sort((a, b) => RANK[a.status] - RANK[b.status]).slice(0, most));
  return tasks.filter((task) => chosen.has(task));
};

/**
 * A job as lines for a terminal: the job and its bar, what waits for a person, then a line a task. Never more lines than `rows` - 1, never
 * wider than `columns` - 1. Where not all tasks fit, what failed and what runs is shown first.
 */
export const jobLines = (job: WholeJobAnswer, room: Room): readonly string[] => {
  const { columns, rows, now, paint } = room;
  const width = Math.max(1, columns - 1);
  const elapsed = durationText(secondsBetween(job.created_at, job.ended_at, now));
  const head = fit(`${job.job_id} ${job.status} · ${elapsed} · ${moneyText(job.cost_usd)}`, width);
  const headline = head.replace(job.status, (word) => paint(JOB_STYLE[job.status], word));
  const barCells = Math.min(BAR_CELLS, Math.floor(width / 3));
  const percent = `${job.progress.percent}%`;
  const overview =
    job.tasks.length === 0
      ? fit('making the plan', width)
      : barCells < 10
        ? fit(`${percent} · ${countsText(job.tasks)}`, width)
        : `${bar(job.tasks, barCells, paint)} ${fit(`${percent} · ${countsText(job.tasks)}`, width - barCells - 1)}`;
  const waiting = waitingLines(job, PLAIN).map((line) => paint('yellow', fit(line, width)));
  const shown = shownOf(job.tasks, Math.max(0, rows - 1 - FIXED_LINES - waiting.length));
  const left = job.tasks.filter((task) => !shown.includes(task));
  const idCells = Math.min(ID_CELLS, Math.max(1, ...shown.map((task) => cellsOf(printableCell(task.id)))));
  const lines = [
    headline,
    overview,
    ...waiting,
    ...shown.map((task) => taskLine(task, job.approvals, idCells, room)),
    ...(left.length === 0
      ? []
      : [paint('dim', fit(`… and ${left.length} more: ${countsText(left)}`, width))]),
  ];
  return lines.slice(0, Math.max(1, rows - 1));
};
