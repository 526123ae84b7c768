import { type Effect, riskEffect } from '../../effect.ts';
import type { Risk } from '../../verdict.ts';

/** Wrappers within wrappers and scripts within scripts together must not grow without bound. */
const MOST_EFFECTS = 2_000;
/** A reason shows this much of its command. */
const SPAN = 200;

export const shown = (span: string): string => span.slice(0, SPAN);

/** Everything that was found, in the order in which it was found; it never grows past its cap by much. */
export class EffectLog {
  readonly #effects: Effect[] = [];

  get effects(): readonly Effect[] {
    return this.#effects;
  }

  get size(): number {
    return this.#effects.length;
  }

  add(effect: Effect): void {
    this.#effects.push(effect);
  }

  risk(code: string, level: Risk, span: string, text: string): void {
    this.add(riskEffect(code, level, shown(span), text));
  }

  /** Beyond the cap one refusal stands for all the rest. */
  isFull(span: string): boolean {
    if (this.size === MOST_EFFECTS) this.risk('too-complex', 'HIGH', span, 'it does too much at once');
    return this.size >= MOST_EFFECTS;
  }

  /** Says which words the effects come from, for a policy's rules by argv. */
  attribute(from: number, argv: readonly string[]): void {
    for (let at = from; at < this.size; at += 1) {
      const effect = this.#effects[at];
      if (effect !== undefined && effect.argv === undefined) this.#effects[at] = { ...effect, argv };
    }
  }
}
