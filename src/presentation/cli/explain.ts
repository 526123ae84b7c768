import type { ConfigRow, Explanation } from '../../application/diagnosis.ts';
import { ERROR_CODES } from '../../domain/errors/index.ts';
import { inColumns, type Painter, printable, printableCell } from './terminal.ts';

const valueText = ({ value }: ConfigRow): string => {
  if (value === null) return '-';
  if (typeof value === 'number') return String(value);
  const items = typeof value === 'string' ? [value] : value;
  return items.length === 0 ? 'none' : items.map(printableCell).join(', ');
};

const sourceText = ({ source, overrides }: ConfigRow): string =>
  overrides.length === 0 ? source : `${source} (over ${overrides.join(', ')})`;

/** A table of settings, each with its value and source. */
export const renderExplanation = ({ rows, warnings }: Explanation, paint: Painter): string => {
  const [head, ...lines] = inColumns([
    ['SETTING', 'SOURCE', 'VALUE'],
    ...rows.map((row) => [
      row.name,
      sourceText(row),
      valueText(row) + (row.note === undefined ? '' : ` (${row.note})`),
    ]),
  ]);
  const told = warnings.map((text) => `${paint('yellow', 'warning:')} ${printable(text)}`);
  return [paint('bold', head ?? ''), ...lines, ...(told.length === 0 ? [] : ['', ...told]), ''].join('\n');
};

export const explanationJson = ({ rows, warnings, problems }: Explanation): string =>
  `${JSON.stringify({ settings: rows, warnings, problems }, null, 2)}\n`;

/** Problems as lines, for stderr. */
export const renderProblems = (problems: readonly string[], paint: Painter): string =>
  problems.map((text) => `${paint('red', 'problem:')} ${printable(text)}\n`).join('');

/** Explaining succeeds, but a script must see that the server would not start. */
export const explainExit = ({ problems }: Explanation): number =>
  problems.length === 0 ? 0 : ERROR_CODES.CONFIGURATION_INVALID.exit;
