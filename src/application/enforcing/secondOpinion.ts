import { createHash } from 'node:crypto';
import path from 'node:path';
import { ConsecutiveBreaker, circuitBreaker, handleAll } from 'cockatiel';
import { LRUCache } from 'lru-cache';
import PQueue from 'p-queue';
import { type Opinion, raised } from '../../domain/safety/opinion.ts';
import type { PolicyRules } from '../../domain/safety/policy/policy.ts';
import { TOOL_RULES } from '../../domain/safety/tools.ts';
import type { ToolCall, Verdict } from '../../domain/safety/verdict.ts';
import { canonicalJson } from '../canonicalJson.ts';
import { floodLimit } from '../floodLimit.ts';
import type { ToolGate } from '../ports/gate.ts';
import type { Logger } from '../ports/logger.ts';
import type { Clock } from '../ports/system.ts';
import { unlessAborted } from '../unlessAborted.ts';
import type { OpinionAsker, OpinionQuestion } from './ports.ts';

/** A gate that also tells by which policy it judged. */
export type PolicedGate = {
  explain(
    call: ToolCall,
    fence: Parameters<ToolGate['judge']>[1],
  ): Promise<{ readonly verdict: Verdict; readonly policy: Pick<PolicyRules, 'levels'> }>;
};

export type SecondOpinionOptions = {
  readonly clock: Pick<Clock, 'now'>;
  readonly logger: Pick<Logger, 'info' | 'warning'>;
  /** Aborts when the server stops. */
  readonly signal: AbortSignal;
  /** Milliseconds for which a call waits for its opinion, the queue included, and for which a question may take. */
  readonly patienceMs?: number;
  /** Questions that are asked at the same time; each is a process. */
  readonly atOnce?: number;
};

const PATIENCE_MS = 10_000;
const AT_ONCE = 2;
/** Opinions that are remembered: a job repeats its tests and builds, seldom more than some hundred commands. */
const REMEMBERED = 2000;
const WARNINGS = { most: 1, windowMs: 60_000 };
/**
 * After so many failures in a row nobody is asked for a while: a model that is away must not slow all workers. A wait
 * in the queue is no failure of the model: a worker could make many such waits, and switch the opinions off for all.
 */
const FAILURES = 3;
const REST_MS = 60_000;

/**
 * A gate that asks for a second opinion where the judge allows what is MEDIUM. The opinion can only raise the risk
 * (`raised`); none, a late one or one that makes no sense leaves the verdict as it is. What costs nothing is not
 * asked: SAFE and LOW, what is stopped already, and a call that was asked about before.
 */
export const withSecondOpinion = (
  gate: PolicedGate,
  asker: OpinionAsker,
  o: SecondOpinionOptions,
): ToolGate => {
  const queue = new PQueue({ concurrency: o.atOnce ?? AT_ONCE });
  const known = new LRUCache<string, Promise<Opinion>>({ max: REMEMBERED });
  const breaker = circuitBreaker(handleAll, {
    halfOpenAfter: REST_MS,
    breaker: new ConsecutiveBreaker(FAILURES),
  });
  const warnings = floodLimit(WARNINGS, () => o.clock.now());

  const patience = (): AbortSignal =>
    AbortSignal.any([o.signal, AbortSignal.timeout(o.patienceMs ?? PATIENCE_MS)]);

  /** A question that was begun has its whole time, also where the call that it is about went on without it. */
  const begun = (question: OpinionQuestion): Promise<Opinion> =>
    breaker.execute(() => {
      const signal = patience();
      return unlessAborted(asker.ask(question, signal), signal);
    });

  const asked = (question: OpinionQuestion): Promise<Opinion> => {
    const waits = patience();
    return queue.add(() => {
      waits.throwIfAborted();
      return begun(question);
    });
  };

  const opinionOn = (question: OpinionQuestion): Promise<Opinion> => {
    const key = createHash('sha256').update(canonicalJson(question)).digest('base64');
    const remembered = known.get(key);
    if (remembered !== undefined) return remembered;
    // Remembered while it is under way, so that equal calls of many lanes are one question.
    const opinion = asked(question);
    known.set(key, opinion);
    opinion.catch(() => known.delete(key));
    return opinion;
  };

  const failed = (tool: string, thrown: unknown): void => {
    const unsaid = warnings.take();
    if (unsaid === undefined) return;
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    o.logger.warning('SECURITY', 'there was no second opinion: the judge decided alone', {
      tool,
      error,
      ...(unsaid === 0 ? {} : { unsaid }),
    });
  };

  return {
    async judge(call, fence) {
      const { verdict, policy } = await gate.explain(call, fence);
      if (verdict.decision !== 'allow' || verdict.risk !== 'MEDIUM') return verdict;
      try {
        const question = questionOf(call, path.relative(fence.worktree, fence.cwd));
        const opinion = await unlessAborted(opinionOn(question), patience());
        const stricter = raised(verdict, opinion, policy, call.tool);
        if (stricter !== verdict)
          o.logger.info('SECURITY', 'a second opinion raised the risk of a call', {
            tool: call.tool,
            risk: stricter.risk,
            decision: stricter.decision,
          });
        return stricter;
      } catch (thrown) {
        failed(call.tool, thrown);
        return verdict;
      }
    },
  };
};

/** A shell call's `description` is the worker's own word for it: it may persuade, and is never the same twice. */
const questionOf = ({ tool, input }: ToolCall, from: string): OpinionQuestion => {
  const { description, ...plain } = input;
  return {
    tool,
    input: TOOL_RULES.get(tool)?.acts === 'shell' ? plain : input,
    cwd: from === '' ? '.' : from,
  };
};
