import type { JobAnswer } from './answers.ts';
import { changes } from './ui/changes.ts';
import { cut, frame, paint, plain } from './ui/frame.ts';

/** The parts of a terminal stream that are needed; `process.stdout` is one. */
export type Screen = {
  readonly write: (text: string) => unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly hasColors?: () => boolean;
};

export type Ui = {
  readonly color: boolean;
  /** True where bars are drawn. */
  readonly live: boolean;
  /** One finished line, above the bars. */
  line(text: string): void;
  /** A message of the server, with the time at which it came. */
  event(text: string): void;
  /** Redraws the bars by a state that was read in between; says nothing. */
  redraw(answer: JobAnswer): void;
  /** The answer of a call whose events have all come: redraws the bars, and says what no event has said. */
  update(answer: JobAnswer): void;
  /** Leaves the bars as they are and gives the cursor back. Safe to call twice. */
  end(): void;
};

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const REDRAW_MS = 120;

/**
 * Live bars on a terminal, plain lines anywhere else. `NO_COLOR` is respected (by `hasColors`).
 * @param now milliseconds, any origin
 */
export const createUi = (screen: Screen, now: () => number): Ui => {
  const live = screen.isTTY === true;
  const color = live && (screen.hasColors?.() ?? false);
  const startedAt = now();
  const seconds = (): number => (now() - startedAt) / 1000;
  /** What the bars show, and what the last `update` said. */
  let answer: JobAnswer | undefined;
  let previous: JobAnswer | undefined;
  let told: string[] = [];
  let lastEvent = '';
  let drawn = 0;
  let tick = 0;
  let timer: NodeJS.Timeout | undefined;

  // One column stays free: a line as wide as the terminal would wrap, and the count of lines would be wrong.
  const width = (): number => Math.max(20, (screen.columns ?? 80) - 1);
  const erase = (): string => (drawn === 0 ? '' : `\u001b[${drawn}A\r\u001b[J`);
  const draw = (above = ''): void => {
    const lines =
      answer === undefined ? [] : frame(answer, { width: width(), color, tick, seconds: seconds() });
    // In one write, so that no half-drawn frame is ever seen.
    screen.write(`${erase()}${above}${lines.map((line) => `${line}\n`).join('')}`);
    drawn = lines.length;
  };
  const line = (text: string): void => (live ? draw(`${text}\n`) : void screen.write(`${text}\n`));
  const stamped = (text: string): void => {
    const stamp = `${seconds().toFixed(1).padStart(6)} s  `;
    const body = live ? cut(plain(text), width() - stamp.length) : plain(text);
    line(`${paint('dim', stamp, color)}${body}`);
  };

  const show = (next: JobAnswer): void => {
    answer = next;
    if (!live) return;
    if (timer === undefined) {
      screen.write(HIDE_CURSOR);
      timer = setInterval(() => {
        tick++;
        draw();
      }, REDRAW_MS);
      timer.unref();
    }
    draw();
  };

  return {
    color,
    live,
    line,
    event: (text) => {
      if (text === lastEvent) return;
      lastEvent = text;
      told.push(text);
      stamped(text);
    },
    redraw: show,
    update: (next) => {
      const news = changes(previous, next, told);
      told = [];
      previous = next;
      for (const text of news) stamped(text);
      show(next);
    },
    end: () => {
      if (timer === undefined) return;
      clearInterval(timer);
      timer = undefined;
      draw();
      drawn = 0;
      answer = undefined;
      screen.write(SHOW_CURSOR);
    },
  };
};
