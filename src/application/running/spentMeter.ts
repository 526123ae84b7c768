import { OrchestratorError } from '../../domain/errors/index.ts';
import { addTokens, NO_TOKENS } from '../../domain/task.ts';
import type { Spent } from '../ports.ts';

const NOTHING: Spent = { costUsd: 0, tokens: NO_TOKENS };

/**
 * Adds up what a task costs over its attempts. Within an attempt the worker tells a running total, so the last
 * word counts; a new attempt starts from zero again.
 */
export class SpentMeter {
  #before = NOTHING;
  #now = NOTHING;

  get total(): Spent {
    return add(this.#before, this.#now);
  }

  /** A result's figure, or that of an error which carries one. */
  read(from: Spent | unknown): void {
    const spent = from instanceof OrchestratorError ? from.context.spent : from;
    // A failure that was noticed before any result knows of no cost; what was read earlier stands.
    if (isSpent(spent) && used(spent) >= used(this.#now)) this.#now = spent;
  }

  nextAttempt(): void {
    this.#before = this.total;
    this.#now = NOTHING;
  }
}

const add = (a: Spent, b: Spent): Spent => ({
  costUsd: a.costUsd + b.costUsd,
  tokens: addTokens(a.tokens, b.tokens),
});

/** Tokens tell more than money: a subscription pays none. */
const used = ({ tokens }: Spent): number =>
  tokens.input + tokens.output + tokens.cacheRead + tokens.cacheWrite;

const isSpent = (value: unknown): value is Spent =>
  typeof value === 'object' &&
  value !== null &&
  'costUsd' in value &&
  'tokens' in value &&
  typeof value.costUsd === 'number';
