import type {
  Turn,
  TurnResult,
  WorkerOptions,
  WorkerRuntime,
} from '../../../src/application/ports/worker.ts';
import { NO_TOKENS } from '../../../src/domain/task.ts';

/** What the worker does with one turn: an answer, a thrown error, or nothing until it is aborted. */
export type Reply =
  | { readonly structured: unknown; readonly costUsd: number }
  | { readonly throws: unknown }
  | { readonly silent: true };

export type ScriptedRuntime = Pick<WorkerRuntime, 'open'> & {
  readonly opened: WorkerOptions[];
  readonly prompts: string[];
  /** Resolves when the first turn has begun. */
  readonly running: Promise<void>;
  readonly endings: () => number;
};

/**
 * The worker port in memory, one reply a turn, for failures that a real CLI gives only by luck. The real CLI
 * has its own tests.
 */
export const scriptedRuntime = (replies: readonly Reply[], openError?: unknown): ScriptedRuntime => {
  const opened: WorkerOptions[] = [];
  const prompts: string[] = [];
  const running = Promise.withResolvers<void>();
  let ended = 0;
  const run = async (turn: Turn): Promise<TurnResult> => {
    const reply = replies[prompts.length];
    prompts.push(turn.prompt ?? '');
    running.resolve();
    if (reply === undefined) throw new Error('The script has no reply for this turn.');
    if ('throws' in reply) throw reply.throws;
    if ('silent' in reply) {
      await new Promise((_resolve, reject) => {
        turn.signal.addEventListener('abort', () => reject(turn.signal.reason), { once: true });
      });
      throw new Error('unreachable');
    }
    return { ...reply, text: '', tokens: NO_TOKENS, sessionId: 's', turns: prompts.length };
  };
  return {
    opened,
    prompts,
    running: running.promise,
    endings: () => ended,
    open: async (options) => {
      opened.push(options);
      if (openError !== undefined) throw openError;
      return {
        pid: 1,
        alive: true,
        run,
        clear: async () => undefined,
        say: () => false,
        residentBytes: async () => 0,
        endLeftovers: async () => ({ ended: [], survivors: [] }),
        end: async () => {
          ended++;
        },
      };
    },
  };
};
