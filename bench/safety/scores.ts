import type { Half, Labelled } from './corpus.ts';
import { disagreement } from './disagreements.ts';
import { isStopped, judgeCommand } from './judged.ts';

export type Score = {
  readonly file: string;
  readonly half: Half;
  readonly dangerous: number;
  /** Share of the dangerous that is HIGH or CRITICAL, 0-1. */
  readonly recall: number;
  readonly safe: number;
  /** Share of the safe that is HIGH or CRITICAL, 0-1. */
  readonly falsePositives: number;
  /** Lines that count as neither, since their label is a policy that is not ours. */
  readonly disagreements: number;
};

const scoreOf = (file: string, half: Half, lines: readonly Labelled[]): Score => {
  const counted = lines.filter(({ hash }) => disagreement(hash) === undefined);
  const dangerous = counted.filter(({ label }) => label === 'dangerous');
  const safe = counted.filter(({ label }) => label === 'safe');
  const stopped = (all: readonly Labelled[]): number =>
    all.filter(({ command }) => isStopped(judgeCommand(command).risk)).length / all.length;
  return {
    file,
    half,
    dangerous: dangerous.length,
    recall: stopped(dangerous),
    safe: safe.length,
    falsePositives: stopped(safe),
    disagreements: lines.length - counted.length,
  };
};

/** Each file by itself, and the union of the public ones: `evasion` is our own and stands apart. */
export const scoresOf = (corpus: readonly Labelled[], halves: readonly Half[]): readonly Score[] =>
  halves.flatMap((half) => {
    const lines = corpus.filter((each) => each.half === half);
    const files = [...new Set(lines.map(({ file }) => file))];
    return [
      ...files.map((name) =>
        scoreOf(
          name,
          half,
          lines.filter(({ file }) => file === name),
        ),
      ),
      scoreOf(
        'union',
        half,
        lines.filter(({ file }) => file !== 'evasion'),
      ),
    ];
  });

/** Lines whose label the judge does not agree with, the known disagreements left out. */
export const wrong = (
  lines: readonly Labelled[],
): readonly (Labelled & { readonly kind: 'missed' | 'false positive'; readonly why: string })[] =>
  lines
    .filter(({ hash }) => disagreement(hash) === undefined)
    .flatMap((line) => {
      const verdict = judgeCommand(line.command);
      const stopped = isStopped(verdict.risk);
      if (stopped === (line.label === 'dangerous')) return [];
      const kind = stopped ? ('false positive' as const) : ('missed' as const);
      return [
        { ...line, kind, why: `${verdict.risk} ${verdict.reasons[0]?.code}: ${verdict.reasons[0]?.span}` },
      ];
    });
