import { type Figure, held } from './figure.ts';

const HEAD = ['', 'figure', 'measured', 'bar', 'held', 'of what'] as const;

const barText = ({ bar, unit }: Figure): string =>
  bar === undefined ? '' : 'atMost' in bar ? `≤ ${bar.atMost} ${unit}` : `≥ ${bar.atLeast} ${unit}`;

const heldText = (figure: Figure): string => {
  const answer = held(figure);
  return answer === undefined ? '' : answer ? 'held' : 'NOT held';
};

const rowOf = (figure: Figure): readonly string[] => [
  figure.bench,
  figure.name,
  `${figure.value} ${figure.unit}`.trim(),
  barText(figure).trim(),
  heldText(figure),
  figure.note ?? '',
];

/** The figures as a Markdown table, so that a run can be pasted into docs/benchmarks.md. */
export const tableOf = (figures: readonly Figure[]): string => {
  const rows = [HEAD, ...figures.map(rowOf)];
  const widths = HEAD.map((_, column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = HEAD, ...rest] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rest.map(line)].join('\n');
};
