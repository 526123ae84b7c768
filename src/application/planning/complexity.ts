import type { Complexity } from '../../domain/job.ts';
import { type ActionKind, actionsIn } from './actionWords.ts';
import { filesIn } from './names.ts';
import { wording } from './requestText.ts';

/** Weights and thresholds are our own, set so that the table in the test reads as people would call it. */
const ACTION_WEIGHT: Readonly<Record<ActionKind, number>> = {
  overhaul: 1.75,
  build: 1,
  change: 0.75,
  touch: 0.5,
};
const MODERATE_FROM = 2;
const COMPLEX_FROM = 3.25;

const BREADTH =
  /\b(?:(?:entire|whole|complete|full) (?:\w+ )?(?:code ?base|app(?:lication)?|project|repo(?:sitory)?|system|module|package|site|backend|frontend|api|suite)|(?:all|every|each)(?: of)?(?: the| our)? (?:\w+ )?(?:modules?|files?|packages?|components?|services?|pages?|endpoints?|routes?|tests?|handlers?|models?|classes|screens?)|across the|throughout|from scratch|end[- ]to[- ]end|full[- ]stack|architecture|micro-?services?|backwards? compatib\w{2,8}|multi[- ]tenant|real[- ]time)\b/gi;

export type ComplexityVerdict = { readonly complexity: Complexity; readonly reasons: readonly string[] };

/**
 * How much is asked for, from the wording alone: what should be done and how often, how many files are named,
 * how far it reaches, how long it takes to say it.
 * @param parts tasks that the caller or the request's own lists already make of it; 1 where there are none.
 */
export const complexityOf = (request: string, parts: number): ComplexityVerdict => {
  const text = wording(request);
  const actions = actionsIn(text, 8);
  const files = filesIn(text).size;
  const breadth = new Set(Array.from(text.matchAll(BREADTH), (match) => match[0].toLowerCase()));
  const words = text.match(/\S+/g)?.length ?? 0;
  const signs: [number, string][] = [
    [
      actions.reduce((sum, action) => sum + ACTION_WEIGHT[action.kind], 0),
      `it asks for ${actions.length} things`,
    ],
    [Math.min(2, Math.max(0, files - 1) / 2), `it names ${files} files`],
    [Math.min(3, breadth.size * 1.5), `it reaches far ("${[...breadth][0] ?? ''}")`],
    [words > 400 ? 2 : words > 120 ? 1 : 0, `it takes ${words} words`],
    [Math.min(3, (parts - 1) / 2), `it has ${parts} parts`],
  ];
  const score = signs.reduce((sum, [weight]) => sum + weight, 0);
  const complexity = score < MODERATE_FROM ? 'SIMPLE' : score < COMPLEX_FROM ? 'MODERATE' : 'COMPLEX';
  const told = signs.filter(([weight]) => weight >= 0.5).map(([, sign]) => sign);
  const reason = told.length === 0 ? 'it asks for one small thing' : told.join(', ');
  return { complexity, reasons: [`${complexity}: ${reason}.`] };
};
