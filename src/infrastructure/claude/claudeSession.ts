import type { Query, SDKMessage } from '@anthropic-ai/claude-agent-sdk';
import type { Turn, TurnResult, UnjudgedCall, WorkerSession } from '../../application/ports/worker.ts';
import { ConflictError, WorkerCommunicationError, WorkerCrashError } from '../../domain/errors/index.ts';
import type { LoneCalls } from './loneCalls.ts';
import { passedTheGate } from './passedTheGate.ts';
import type { PromptStream } from './promptStream.ts';
import type { Tripwire } from './tripwire.ts';
import { TurnState } from './turnState.ts';
import type { WorkerProcess } from './workerProcess.ts';

/** How long an interrupted turn may take to say so before the process is given up, milliseconds. */
const INTERRUPT_PATIENCE_MS = 3000;
/** How long `/clear` may take, milliseconds: it is 40 ms on an idle machine. */
const CLEAR_PATIENCE_MS = 15_000;

/** What a session is made of; `model` is what its process was started with, undefined for the CLI's own choice. */
export type SessionParts = {
  readonly input: PromptStream;
  readonly process: WorkerProcess;
  readonly lone: LoneCalls;
  readonly tripwire: Tripwire;
  readonly onUnjudged: ((call: UnjudgedCall) => void) | undefined;
  readonly model: string | undefined;
};

/** One live `claude` process in streaming-input mode. */
export class ClaudeSession implements WorkerSession {
  readonly pid: number;
  readonly #query: Query;
  readonly #input: PromptStream;
  readonly #process: WorkerProcess;
  readonly #lone: LoneCalls;
  readonly #tripwire: Tripwire;
  readonly #onUnjudged: (call: UnjudgedCall) => void;
  #model: string | undefined;
  #current: TurnState | undefined;
  #over = false;
  #broken: Error | undefined;

  constructor(query: Query, { input, process, lone, tripwire, onUnjudged, model }: SessionParts) {
    this.#query = query;
    this.#input = input;
    this.#process = process;
    this.#lone = lone;
    this.#tripwire = tripwire;
    this.#onUnjudged = onUnjudged ?? (() => undefined);
    this.#model = model;
    this.pid = process.pid;
    void this.#pump();
  }

  get alive(): boolean {
    return !this.#over && this.#process.alive;
  }

  async run(turn: Turn): Promise<TurnResult> {
    turn.signal.throwIfAborted();
    const state = this.#begin(turn);
    const interrupted = Promise.withResolvers<never>();
    interrupted.promise.catch(() => undefined);
    const stop = (): void => interrupted.reject(turn.signal.reason);
    const interrupt = (): void => void this.#interrupt(state).then(stop, stop);
    turn.signal.addEventListener('abort', interrupt, { once: true });
    try {
      await this.#useModel(turn, state);
      this.#lone.begin();
      if (turn.prompt === undefined) state.goesOnByItself();
      else state.sent(this.#input.prompt(turn.prompt));
      return await Promise.race([state.outcome, interrupted.promise]);
    } catch (error) {
      // An interrupted turn ends with an error of its own; what counts is why it was interrupted.
      turn.signal.throwIfAborted();
      throw error;
    } finally {
      turn.signal.removeEventListener('abort', interrupt);
      this.#current = undefined;
    }
  }

  async clear(): Promise<void> {
    const state = this.#begin({ onEvent: () => undefined });
    const patience = AbortSignal.timeout(CLEAR_PATIENCE_MS);
    const late = (): void => state.fail(silent('clear'));
    patience.addEventListener('abort', late, { once: true });
    try {
      state.sent(this.#input.command('/clear'));
      await state.outcome;
    } finally {
      patience.removeEventListener('abort', late);
      this.#current = undefined;
    }
  }

  say(text: string): boolean {
    if (this.#current === undefined || !this.alive) return false;
    this.#lone.messageWaits();
    this.#current.sent(this.#input.prompt(text));
    return true;
  }

  residentBytes(): Promise<number> {
    return this.#process.residentBytes();
  }

  endLeftovers(): Promise<{ ended: readonly number[]; survivors: readonly number[] }> {
    return this.#process.endLeftovers();
  }

  async end(): Promise<void> {
    this.#over = true;
    this.#input.close();
    await this.#process.end();
    this.#query.close();
  }

  /** A model stays set through `/clear`: the next task's must be said, also where it is none. */
  async #useModel(turn: Turn, state: TurnState): Promise<void> {
    if (turn.model === this.#model) return;
    // A process that dies now says so by the turn's own failure.
    await Promise.race([this.#query.setModel(turn.model), state.outcome]);
    this.#model = turn.model;
    turn.signal.throwIfAborted();
  }

  #begin(turn: Pick<Turn, 'onEvent'>): TurnState {
    if (this.#current !== undefined) {
      throw new ConflictError('The worker has a turn already.', {
        hint: 'Wait for it, or use another lane.',
      });
    }
    const state = new TurnState(turn, this.pid);
    if (!this.alive) state.fail(this.#broken ?? this.#crash());
    this.#current = state;
    return state;
  }

  /** Asks the CLI to stop the turn; a process that does not answer is ended. */
  async #interrupt(state: TurnState): Promise<void> {
    const patience = AbortSignal.timeout(INTERRUPT_PATIENCE_MS);
    const silence = new Promise<'silence'>((resolve) =>
      patience.addEventListener('abort', () => resolve('silence'), { once: true }),
    );
    const stopped = this.#query
      .interrupt()
      .then(() => state.outcome)
      .then(
        () => 'stopped',
        () => 'stopped',
      );
    if ((await Promise.race([stopped, silence])) === 'silence') await this.end();
  }

  async #pump(): Promise<void> {
    try {
      for await (const message of this.#query) this.#receive(message);
      this.#lost(this.#crash());
    } catch (thrown) {
      await this.#process.exited();
      this.#lost(this.#process.failure() ?? this.#crash(thrown));
    }
  }

  #receive(message: SDKMessage): void {
    const passed = this.#tripwire.receive(message);
    if (passed !== undefined) this.#breakOff(passed);
    this.#lone.receive(message);
    this.#current?.receive(message);
  }

  /** Nothing that this process says or does counts from here on. */
  #breakOff(call: UnjudgedCall): void {
    if (this.#broken !== undefined) return;
    this.#broken = passedTheGate(call);
    this.#lost(this.#broken);
    this.#process.kill().catch(() => undefined);
    this.#input.close();
    this.#onUnjudged(call);
  }

  #lost(error: Error): void {
    this.#over = true;
    this.#current?.fail(error);
  }

  #crash(cause?: unknown): WorkerCrashError {
    return new WorkerCrashError(
      `The worker process ended before its result (${this.#process.describeExit()}).`,
      {
        hint: 'It is run again once; the task log holds its last output.',
        retryable: true,
        // The SDK's own errors can quote 30,000 characters of minified source: the message alone is kept.
        context: { cause: cause instanceof Error ? cause.message.slice(0, 300) : undefined },
      },
    );
  }
}

const silent = (what: string): WorkerCommunicationError =>
  new WorkerCommunicationError(`The worker did not answer to ${what}.`, {
    hint: 'It is replaced by a new process.',
    retryable: true,
  });
