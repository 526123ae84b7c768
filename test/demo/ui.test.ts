import { expect, test } from 'vitest';
import { type JobAnswer, jobAnswerSchema } from '../../demo/answers.ts';
import { changes } from '../../demo/ui/changes.ts';
import { frame } from '../../demo/ui/frame.ts';
import { createUi } from '../../demo/ui.ts';

const answer = (status: string, tasks: Readonly<Record<string, string>>): JobAnswer =>
  jobAnswerSchema.parse({
    job_id: 'job_1',
    status,
    tasks: Object.entries(tasks).map(([id, state]) => ({
      id,
      title: id,
      status: state,
      attempts: state === 'waiting' ? 0 : 1,
      verification: state === 'done' ? 'proved' : 'none',
    })),
  });

const RECORDED = [
  answer('running', { a: 'ready', b: 'waiting' }),
  answer('running', { a: 'running', b: 'waiting' }),
  answer('running', { a: 'done', b: 'running' }),
  answer('succeeded', { a: 'done', b: 'done' }),
];

/** As much of a terminal as the demo uses: what is on it in the end, and whether the cursor is. */
const terminal = (columns: number, colors = false) => {
  const rows: string[] = [''];
  let row = 0;
  let cursor = true;
  const put = (token: string): void => {
    const code = token.startsWith('\u001b[') ? token.slice(2) : undefined;
    if (token === '\n') {
      row++;
      rows[row] ??= '';
    } else if (code === '?25l' || code === '?25h') cursor = code === '?25h';
    else if (code === 'J') rows.splice(row, Number.POSITIVE_INFINITY, '');
    else if (code?.endsWith('A')) row = Math.max(0, row - Number.parseInt(code, 10));
    else if (code === undefined && token !== '\r') rows[row] = `${rows[row] ?? ''}${token}`;
  };
  return {
    screen: {
      isTTY: true,
      columns,
      hasColors: () => colors,
      write: (text: string) => text.match(/\u001b\[\??\d*[A-Za-z]|\n|\r|[^\u001b\n\r]+/g)?.forEach(put),
    },
    rows: () => rows,
    cursor: () => cursor,
  };
};

test('on a terminal every event stands once, the bars stand once below, and the cursor comes back', () => {
  const { screen, rows, cursor } = terminal(60);
  const ui = createUi(screen, () => 0);
  for (const next of RECORDED) {
    ui.update(next);
    expect(cursor()).toBe(false);
  }
  ui.event('all merged');
  ui.end();
  ui.end();
  ui.line('after');
  const shown = rows().filter((line) => line !== '');
  expect(shown).toEqual([
    '   0.0 s  running',
    '   0.0 s  a running',
    '   0.0 s  a done (proved)',
    '   0.0 s  b running',
    '   0.0 s  b done (proved)',
    '   0.0 s  succeeded',
    '   0.0 s  all merged',
    '✔ a  ████████████████  done       proved',
    '✔ b  ████████████████  done       proved',
    'succeeded · 2/2 tasks · 0 s',
    'after',
  ]);
  expect(cursor()).toBe(true);
});

test('anywhere else there are plain lines: no escape, no bar', () => {
  let text = '';
  const ui = createUi({ write: (part) => (text += part), hasColors: () => true }, () => 1500);
  for (const next of RECORDED) ui.update(next);
  ui.event('merged \u001b[31mred\u001b[0m');
  ui.end();
  expect(text).not.toMatch(/\u001b|█/);
  expect(text.trim().split('\n')).toHaveLength(7);
});

test('where the terminal wants no colours, none are drawn', () => {
  const view = { width: 60, tick: 0, seconds: 1 };
  const job = answer('running', { a: 'running' });
  expect(frame(job, { ...view, color: false }).join('')).not.toContain('\u001b');
  expect(frame(job, { ...view, color: true }).join('')).toContain('\u001b[');
});

test('the bars stand below each other, whatever the tasks do', () => {
  const job = answer('running', { a: 'running', bcd: 'waiting', ef: 'done', g: 'failed' });
  const lines = frame(job, { width: 60, color: false, tick: 0, seconds: 1 }).slice(0, -1);
  expect(new Set(lines.map((line) => line.search(/[█░]/)))).toEqual(new Set([7]));
});

test('no line of a frame is wider than the terminal', () => {
  const job = answer('running', { ['x'.repeat(64)]: 'running', b: 'done' });
  for (const line of frame(job, { width: 30, color: false, tick: 3, seconds: 1 })) {
    expect([...line].length).toBeLessThanOrEqual(30);
  }
});

test('what a progress message has told is not told again, and what it has not told is', () => {
  const [before, after, end] = [RECORDED[1], RECORDED[2], RECORDED[3]];
  if (before === undefined || after === undefined || end === undefined) throw new Error('recorded');
  expect(changes(before, after, ['1/2: a done (proved)'])).toEqual(['b running']);
  expect(changes(before, after, ['verifying a', 'b started'])).toEqual(['a done (proved)']);
  expect(changes(after, end, ['b done (proved)'])).toEqual(['succeeded']);
});
