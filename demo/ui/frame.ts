import { styleText } from 'node:util';
import type { JobAnswer, TaskAnswer } from '../answers.ts';

/** How far a task is, in quarters: the server tells stages, so no more than these is drawn. */
const STAGES: Readonly<Record<string, number>> = {
  waiting: 0,
  ready: 1,
  running: 2,
  parked: 2,
  verifying: 3,
  done: 4,
};
const BAR_WIDTH = 16;

type Style = Parameters<typeof styleText>[0];
const STYLES: Readonly<Record<string, Style>> = {
  waiting: 'dim',
  ready: 'dim',
  running: 'cyan',
  parked: 'yellow',
  verifying: 'yellow',
  done: 'green',
  failed: 'red',
  skipped: 'magenta',
  cancelled: 'magenta',
};

export const paint = (style: Style, text: string, color: boolean): string =>
  color ? styleText(style, text, { validateStream: false }) : text;

/** A worker's words may hold anything: no control character of theirs reaches the terminal. */
export const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim();

export const cut = (text: string, width: number): string => {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
};

const bar = (status: string): string => {
  const filled = Math.round((BAR_WIDTH * (STAGES[status] ?? 4)) / 4);
  return '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
};

const notes = (task: TaskAnswer): string =>
  [
    task.seconds > 0 ? `${task.seconds.toFixed(1)} s` : '',
    task.attempts > 1 ? `attempt ${task.attempts}` : '',
    task.verification !== 'none' ? plain(task.verification) : '',
  ]
    .filter((note) => note !== '')
    .join(' · ');

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const;

/**
 * Draws the live part of the screen: a bar a task and one line for the whole.
 * @param tick counts the redraws; it turns the spinners
 */
export const frame = (
  answer: JobAnswer,
  view: { readonly width: number; readonly color: boolean; readonly tick: number; readonly seconds: number },
): readonly string[] => {
  const idWidth = Math.max(0, ...answer.tasks.map((task) => task.id.length));
  const lines = answer.tasks.map((task) => {
    const works = task.status === 'running' || task.status === 'verifying';
    const sign = works ? (SPINNER[view.tick % SPINNER.length] ?? '') : task.status === 'done' ? '✔' : ' ';
    const text = `${sign} ${plain(task.id).padEnd(idWidth)}  ${bar(task.status)}  ${plain(task.status).padEnd(9)}  ${notes(task)}`;
    return paint(STYLES[task.status] ?? 'reset', cut(text, view.width), view.color);
  });
  const done = answer.tasks.filter((task) => task.status === 'done').length;
  const whole = `${plain(answer.status)} · ${done}/${answer.tasks.length} tasks · ${view.seconds.toFixed(0)} s`;
  return [...lines, paint('bold', cut(whole, view.width), view.color)];
};
