/** Escape sequences whole (CSI, OSC, others), and control characters but tab and newline. */
const UNSEEN =
  /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[ -/]*[0-Z\\-~]|[\u0000-\u0008\u000b-\u001f\u007f]/g;
/** An escape sequence that has begun at the end of a piece and may go on in the next one. */
const UNFINISHED = /(?:\u001b(?:\[[0-?]*[ -/]*|\][^\u0007\u001b]*\u001b?|[ -/]*)?|\r)$/;
const LONGEST_ROW = 1000;
const LONGEST_TAIL = 4096;

/**
 * A log as rows of plain text that grows by pieces of any size. Escape sequences are taken out even where a
 * piece ends within one; a line of more than 1,000 characters goes on in the next row. Beyond `most`
 * characters the oldest rows are let go.
 */
export class LogBuffer {
  readonly #most: number;
  #rows: string[] = [];
  #open = '';
  #tail = '';
  #characters = 0;
  #dropped = 0;

  constructor(most = 24_000_000) {
    this.#most = most;
  }

  /** The last row is the line that has not ended yet, where there is one. */
  get count(): number {
    return this.#rows.length + (this.#open === '' ? 0 : 1);
  }

  /** Rows that were let go at the beginning. */
  get dropped(): number {
    return this.#dropped;
  }

  row(index: number): string {
    return this.#rows[index] ?? (index === this.#rows.length ? this.#open : '');
  }

  append(piece: string): void {
    let text = this.#tail + piece;
    const tail = UNFINISHED.exec(text.slice(-LONGEST_TAIL))?.[0] ?? '';
    this.#tail = tail;
    if (tail !== '') text = text.slice(0, -tail.length);
    const lines = `${this.#open}${text.replaceAll(/\r\n?/g, '\n').replaceAll(UNSEEN, '')}`.split('\n');
    this.#open = lines.pop() ?? '';
    for (const line of lines) this.#push(line);
    while (this.#open.length > LONGEST_ROW) {
      const head = headOf(this.#open);
      this.#push(head);
      this.#open = this.#open.slice(head.length);
    }
    this.#trim();
  }

  /** Indexes of the rows that hold `words`, upper and lower case alike. */
  find(words: string): readonly number[] {
    const wanted = words.toLowerCase();
    if (wanted === '') return [];
    const found: number[] = [];
    for (let index = 0; index < this.count; index += 1) {
      if (this.row(index).toLowerCase().includes(wanted)) found.push(index);
    }
    return found;
  }

  #push(line: string): void {
    let rest = line;
    do {
      const head = headOf(rest);
      this.#rows.push(head);
      this.#characters += head.length + 1;
      rest = rest.slice(head.length);
    } while (rest !== '');
  }

  #trim(): void {
    if (this.#characters <= this.#most) return;
    let index = 0;
    // A quarter at once: cutting the front of a long list row by row would cost more than the log itself.
    while (this.#characters > this.#most * 0.75 && index < this.#rows.length) {
      this.#characters -= (this.#rows[index]?.length ?? 0) + 1;
      index += 1;
    }
    this.#rows = this.#rows.slice(index);
    this.#dropped += index;
  }
}

const headOf = (line: string): string => {
  const head = line.slice(0, LONGEST_ROW);
  return line.length > LONGEST_ROW && !head.isWellFormed() ? head.slice(0, -1) : head;
};
