import type { Commit, TaskId } from '../../domain/ids.ts';
import type { Clock } from '../ports/system.ts';

/** Least time between two looks at the live work of a job, milliseconds: a look costs some git processes. */
const LOOK_INTERVAL_MS = 1500;

/** A running task's live work. */
export type LiveWork = {
  readonly taskId: TaskId;
  readonly changes: () => Promise<readonly string[]>;
  readonly snapshot: () => Promise<Commit | undefined>;
};

type Entry = { readonly work: LiveWork; readonly age: number; dirty: boolean; paths: readonly string[] };

export type Collision = {
  readonly older: TaskId;
  readonly younger: TaskId;
  readonly files: readonly string[];
};

/**
 * Tells early that two running tasks of one job are writing what will not merge: their live work is committed
 * through a separate index and merged in git's object store, worktrees untouched. It looks only after a tool
 * changed something, only at pairs that touch the same path, and at most once an interval.
 */
export class LiveCollisions {
  readonly #entries = new Map<TaskId, Entry>();
  readonly #conflicts: (a: Commit, b: Commit) => Promise<readonly string[]>;
  readonly #onCollision: (collision: Collision) => void;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #ages = 0;
  #looking = false;
  #lastLook = Number.NEGATIVE_INFINITY;

  constructor(o: {
    readonly conflicts: (a: Commit, b: Commit) => Promise<readonly string[]>;
    readonly onCollision: (collision: Collision) => void;
    readonly clock: Clock;
    readonly signal: AbortSignal;
  }) {
    this.#conflicts = o.conflicts;
    this.#onCollision = o.onCollision;
    this.#clock = o.clock;
    this.#signal = o.signal;
  }

  enter(work: LiveWork): void {
    this.#entries.set(work.taskId, { work, age: this.#ages++, dirty: false, paths: [] });
  }

  leave(taskId: TaskId): void {
    this.#entries.delete(taskId);
  }

  /** A tool of this task has run and may have written. */
  touched(taskId: TaskId): void {
    const entry = this.#entries.get(taskId);
    if (entry === undefined) return;
    entry.dirty = true;
    if (this.#entries.size > 1 && !this.#looking) void this.#lookSoon();
  }

  async #lookSoon(): Promise<void> {
    this.#looking = true;
    try {
      do {
        const wait = this.#lastLook + LOOK_INTERVAL_MS - this.#clock.now();
        if (wait > 0) await this.#clock.sleep(wait, this.#signal);
        this.#lastLook = this.#clock.now();
        await this.#look();
      } while (this.#entries.size > 1 && [...this.#entries.values()].some((entry) => entry.dirty));
    } catch {
      // A look that fails (a worktree that is just going away, the job's end) costs the early warning, not the
      // merge: integration meets the conflict all the same.
    } finally {
      this.#looking = false;
    }
  }

  async #look(): Promise<void> {
    const dirty = [...this.#entries.values()].filter((entry) => entry.dirty);
    for (const entry of dirty) {
      entry.dirty = false;
      entry.paths = await entry.work.changes();
    }
    for (const [a, b] of this.#pairs(new Set(dirty))) {
      const files = await this.#collide(a, b);
      if (files.length === 0) continue;
      const [older, younger] = a.age < b.age ? [a, b] : [b, a];
      // Either may have ended while git was asked.
      if (
        this.#entries.get(older.work.taskId) !== older ||
        this.#entries.get(younger.work.taskId) !== younger
      )
        continue;
      this.leave(younger.work.taskId);
      this.#onCollision({ older: older.work.taskId, younger: younger.work.taskId, files });
    }
  }

  #pairs(changed: ReadonlySet<Entry>): [Entry, Entry][] {
    const all = [...this.#entries.values()];
    return all.flatMap((a, at) =>
      all
        .slice(at + 1)
        .filter((b) => (changed.has(a) || changed.has(b)) && a.paths.some((path) => b.paths.includes(path)))
        .map((b): [Entry, Entry] => [a, b]),
    );
  }

  async #collide(a: Entry, b: Entry): Promise<readonly string[]> {
    const [left, right] = [await a.work.snapshot(), await b.work.snapshot()];
    return left === undefined || right === undefined ? [] : this.#conflicts(left, right);
  }
}
