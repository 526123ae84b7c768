import { OrchestratorError } from '../../domain/errors/index.ts';
import { addTokens, NO_TOKENS } from '../../domain/task.ts';
import type { Spent } from '../ports/worker.ts';

const NOTHING: Spent = { costUsd: 0, tokens: NO_TOKENS };

/**
 * Adds up what a task costs over its attempts. Within an attempt the worker tells a running total, so the last
 * word counts; a new attempt starts from zero again.
 */
export class SpentMeter {
  #before = NOTHING;
  #now = NOTHING;
  #counted = NOTHING;

  get total(): Spent {
    return add(this.#before, this.#now);
  }

  /** A result's figure, or that of an error which carries one. */
  read(from: Spent | unknown): void {
    const told = from instanceof OrchestratorError ? from.context.spent : from;
    if (!isSpent(told)) return;
    const spent = minus(told, this.#counted);
    // A failure that was noticed before any result knows of no cost; what was read earlier stands.
    if (used(spent) >= used(this.#now)) this.#now = spent;
  }

  /** The worker's own total so far, what was counted elsewhere included. */
  get told(): Spent {
    return add(this.#counted, this.#now);
  }

  /** @param counted what a resumed session tells on top of its own, and what is counted already. */
  nextAttempt(counted: Spent = NOTHING): void {
    this.#before = this.total;
    this.#now = NOTHING;
    this.#counted = counted;
  }
}

/** Never below nothing: a session may have been resumed without its figures. */
const minus = (a: Spent, b: Spent): Spent => {
  const less = (x: number, y: number): number => Math.max(0, x - y);
  return {
    costUsd: less(a.costUsd, b.costUsd),
    tokens: {
      input: less(a.tokens.input, b.tokens.input),
      output: less(a.tokens.output, b.tokens.output),
      cacheRead: less(a.tokens.cacheRead, b.tokens.cacheRead),
      cacheWrite: less(a.tokens.cacheWrite, b.tokens.cacheWrite),
    },
  };
};

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
