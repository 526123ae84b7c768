import PQueue from 'p-queue';
import type { CommandOutcome } from '../ports/commandRunner.ts';

export type BaselineRun = (command: string) => Promise<CommandOutcome>;

/**
 * What each verification command says of the untouched base: run once a command, one at a time, beside the
 * first workers. Where it could not be run, the base is unknown.
 */
export class Baseline {
  readonly #run: BaselineRun;
  readonly #queue = new PQueue({ concurrency: 1 });
  readonly #outcomes = new Map<string, Promise<CommandOutcome | undefined>>();
  readonly #settled = new Map<string, CommandOutcome | undefined>();

  constructor(run: BaselineRun) {
    this.#run = run;
  }

  start(commands: Iterable<string>): void {
    for (const command of commands) void this.of(command);
  }

  /** Waits for the base's outcome; undefined where it cannot be told. */
  of(command: string): Promise<CommandOutcome | undefined> {
    let outcome = this.#outcomes.get(command);
    if (outcome === undefined) {
      outcome = this.#queue
        .add(() => this.#run(command))
        .catch(() => undefined)
        .then((value) => {
          this.#settled.set(command, value);
          return value;
        });
      this.#outcomes.set(command, outcome);
    }
    return outcome;
  }

  /** Resolves when no command runs on the base. */
  idle(): Promise<void> {
    return this.#queue.onIdle();
  }

  /** What is known now, without waiting. */
  known(command: string): CommandOutcome | undefined {
    return this.#settled.get(command);
  }
}
