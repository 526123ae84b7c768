import type { Verification } from '../../domain/task.ts';
import { NO_TASK_COMMAND, verdict } from '../../domain/verification.ts';
import type { CommandOutcome, CommandRunner } from '../ports/commandRunner.ts';
import type { Baseline } from './baseline.ts';

/** What a verification said of some work. */
export type Check = { readonly verification: Verification; readonly note: string; readonly output: string };

const NO_COMMAND: Check = { verification: 'none', note: NO_TASK_COMMAND, output: '' };

/** Runs verification commands and reads them against the base. */
export class Verifier {
  readonly #commands: CommandRunner;
  readonly #baseline: Baseline;
  readonly #timeoutMs: number;
  readonly #onOutput: (text: string) => void;

  constructor(o: {
    readonly commands: CommandRunner;
    readonly baseline: Baseline;
    readonly timeoutMs: number;
    readonly onOutput: (text: string) => void;
  }) {
    this.#commands = o.commands;
    this.#baseline = o.baseline;
    this.#timeoutMs = o.timeoutMs;
    this.#onOutput = o.onOutput;
  }

  /** A red outcome waits for the base, which may excuse it; a green one takes what is known of the base by now. */
  async check(
    command: string | undefined,
    cwd: string,
    env: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Check> {
    if (command === undefined) return NO_COMMAND;
    const work = await this.#commands.run({ command, cwd, env, timeoutMs: this.#timeoutMs, signal });
    signal.throwIfAborted();
    this.#onOutput(`\n$ ${command}\n${work.output}\n[${describe(work)}]\n`);
    const base = green(work) ? this.#baseline.known(command) : await this.#baseline.of(command);
    const said = verdict({ work: side(work), base: told(base) });
    return { verification: said.verification, note: said.note, output: work.output };
  }

  /** True where the command is green on the untouched base; undefined where that cannot be told. */
  async greenOnBase(command: string): Promise<boolean | undefined> {
    return told(await this.#baseline.of(command))?.green;
  }

  /** What a green run proves, once the base is known: `passed` becomes `proved` or `held`. */
  async settle(command: string): Promise<Omit<Check, 'output'> | undefined> {
    const base = told(await this.#baseline.of(command));
    return base === undefined ? undefined : verdict({ work: { green: true, failingTests: undefined }, base });
  }
}

const green = (outcome: CommandOutcome): boolean => outcome.exitCode === 0;
const side = (outcome: CommandOutcome): { green: boolean; failingTests: readonly string[] | undefined } => ({
  green: green(outcome),
  failingTests: outcome.failingTests,
});

/** A base whose run was cut short by its deadline or a signal tells nothing. */
const told = (outcome: CommandOutcome | undefined) =>
  outcome === undefined || outcome.exitCode === null ? undefined : side(outcome);

const describe = (outcome: CommandOutcome): string =>
  outcome.timedOut
    ? `stopped after ${outcome.seconds.toFixed(1)} s: its deadline`
    : `exit code ${outcome.exitCode ?? 'none'} after ${outcome.seconds.toFixed(1)} s`;
