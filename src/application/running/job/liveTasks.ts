import type { TaskId } from '../../../domain/ids.ts';
import type { Lane } from '../../lanes/lane.ts';
import type { HeldCalls } from '../../supervising/heldCalls.ts';
import { Interrupted, type Interruption } from '../task/interruption.ts';

/** A task that has a place: what can be said to its worker, and what stops it. */
export type LiveTask = {
  readonly abort: AbortController;
  ended: Promise<void>;
  lane: Lane | undefined;
  held: HeldCalls | undefined;
};

/** The tasks of one job that run now; carries messages and interruptions to them. */
export class LiveTasks {
  readonly #live = new Map<TaskId, LiveTask>();
  #draining = false;

  has(id: TaskId): boolean {
    return this.#live.has(id);
  }

  /** Runs a task that was given a place. Resolves once it has given the place back, and is live no more. */
  start(id: TaskId, run: (live: LiveTask) => Promise<void>): Promise<void> {
    const live: LiveTask = {
      abort: new AbortController(),
      lane: undefined,
      held: undefined,
      ended: Promise.resolve(),
    };
    this.#live.set(id, live);
    live.ended = run(live).finally(() => this.#live.delete(id));
    return live.ended;
  }

  /** @returns false where the task has no worker that could hear it. */
  say(id: TaskId, message: string): boolean {
    return this.#live.get(id)?.lane?.say(message) ?? false;
  }

  /** @returns false where the task is not running; else resolves when it has stopped. */
  async interrupt(id: TaskId, why: Interruption): Promise<boolean> {
    const live = this.#live.get(id);
    if (live === undefined) return false;
    live.abort.abort(new Interrupted(why));
    await live.ended;
    return true;
  }

  interruptAll(why: Interruption): void {
    for (const live of this.#live.values()) live.abort.abort(new Interrupted(why));
  }

  /** The server is about to stop: workers that wait for a person would wait in vain, and go on after the next start. */
  drain(): void {
    this.#draining = true;
    for (const live of this.#live.values()) if (live.held?.any === true) stopForLater(live);
  }

  /** A call of the task begins to wait for a person. */
  waits(live: LiveTask): void {
    if (this.#draining) stopForLater(live);
  }

  /** Resolves when no task of the job runs. */
  async idle(): Promise<void> {
    await Promise.all([...this.#live.values()].map((live) => live.ended));
  }
}

const stopForLater = (live: LiveTask): void => live.abort.abort(new Interrupted({ kind: 'shutdown' }));
