/** Cells of the terminal that the tests look at: as much of a VT100 as a live view uses, with lines that wrap. */
export const createVirtualScreen = (columns: number, rows: number) => {
  let cells: string[][] = [[]];
  let x = 0;
  let y = 0;
  const row = (at: number): string[] => {
    while (cells.length <= at) cells.push([]);
    return cells[at] ?? [];
  };
  const put = (character: string): void => {
    if (x >= columns) {
      x = 0;
      y += 1;
    }
    row(y)[x] = character;
    x += 1;
  };
  const obey = (parameters: string, command: string): void => {
    const count = Number(parameters || 1);
    if (command === 'A') y = Math.max(Math.max(0, cells.length - rows), y - count);
    else if (command === 'K') row(y).length = x;
    else if (command === 'J') {
      row(y).length = x;
      cells = cells.slice(0, y + 1);
    } else if (command !== 'm' && parameters !== '?2026')
      throw new Error(`unknown ESC[${parameters}${command}`);
  };
  const lines = (): string[] =>
    cells.map((line) =>
      Array.from(line, (cell) => cell ?? ' ')
        .join('')
        .trimEnd(),
    );
  return {
    write: (text: string): void => {
      for (const [part, parameters, command, character] of text.matchAll(
        /\u001b\[([?\d;]*)([A-Za-z])|([\s\S])/gu,
      )) {
        if (command !== undefined) obey(parameters ?? '', command);
        else if (part === '\n') {
          y += 1;
          x = 0;
          row(y);
        } else if (part === '\r') x = 0;
        else put(character ?? '');
      }
    },
    /** What stands on it, without blank lines at its end. */
    lines: (): readonly string[] => lines().join('\n').trimEnd().split('\n'),
    /** It becomes as wide; what was written wraps as a terminal wraps it. */
    resize: (to: number): void => {
      const wrapped: string[][] = [];
      let newY = 0;
      cells.forEach((line, at) => {
        if (at === y) newY = wrapped.length;
        for (let from = 0; from === 0 || from < line.length; from += to)
          wrapped.push(line.slice(from, from + to));
      });
      cells = wrapped;
      y = newY;
      columns = to;
    },
  };
};
