import type { Attempt, Span } from './attempts.ts';
import type { Phase, PhaseKind } from './jobPhases.ts';

export type AttemptRow = {
  readonly kind: 'lane';
  readonly key: string;
  readonly label: string;
  readonly bars: readonly Attempt[];
};
export type PhaseRow = {
  readonly kind: 'job';
  readonly key: string;
  readonly label: string;
  readonly bars: readonly Phase[];
};
export type Row = AttemptRow | PhaseRow;

const PHASE_ROWS: readonly { readonly label: string; readonly kinds: readonly PhaseKind[] }[] = [
  { label: 'Planning', kinds: ['planning'] },
  { label: 'Base checks', kinds: ['baseline'] },
  { label: 'Integration', kinds: ['merging'] },
  { label: 'Conflicts', kinds: ['conflict'] },
  { label: 'Final check', kinds: ['final'] },
];

/** Rows from top to bottom: planning, the workers' lanes by number, base checks, integration, final check. */
export const rowsOf = (attempts: readonly Attempt[], phases: readonly Phase[]): readonly Row[] => {
  const job = (from: number, to: number): readonly Row[] =>
    PHASE_ROWS.slice(from, to).flatMap(({ label, kinds }) => {
      const bars = phases.filter((phase) => kinds.includes(phase.kind));
      return bars.length === 0
        ? []
        : stacked(bars).map((row, index): PhaseRow => {
            return { kind: 'job', key: `${label}:${index}`, label: index === 0 ? label : '', bars: row };
          });
    });
  const lanes = [...Map.groupBy(attempts, (attempt) => attempt.lane)].toSorted(([a], [b]) => a - b);
  return [
    ...job(0, 1),
    ...lanes.flatMap(([lane, bars]) =>
      stacked(bars).map((row, index): AttemptRow => {
        return {
          kind: 'lane',
          key: `lane:${lane}:${index}`,
          label: index === 0 ? `Worker ${lane + 1}` : '',
          bars: row,
        };
      }),
    ),
    ...job(1, PHASE_ROWS.length),
  ];
};

/** Bars that overlap get rows of their own: no bar ever hides another one. */
const stacked = <T extends Span>(bars: readonly T[]): readonly (readonly T[])[] => {
  const rows: T[][] = [];
  for (const bar of bars.toSorted((a, b) => a.from - b.from)) {
    const free = rows.find((row) => (row.at(-1)?.to ?? 0) <= bar.from);
    if (free === undefined) rows.push([bar]);
    else free.push(bar);
  }
  return rows;
};
