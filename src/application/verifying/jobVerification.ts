import type { Plan } from '../../domain/plan.ts';
import type { JobJournal } from '../journal.ts';
import type { JobFolders } from '../lanes/jobFolders.ts';
import type { CommandOutcome } from '../ports/commandRunner.ts';
import type { RunDeps } from '../runDeps.ts';
import { Baseline } from './baseline.ts';
import { Verifier } from './verifier.ts';

/** The verifications of one job: its commands, what they say of the untouched base, and verifiers that log apart. */
export class JobVerification {
  readonly #deps: RunDeps;
  readonly #journal: JobJournal;
  readonly #folders: JobFolders;
  readonly #commands: ReadonlySet<string>;
  readonly #signal: AbortSignal;
  readonly #baseline: Baseline;

  constructor(deps: RunDeps, journal: JobJournal, plan: Plan, folders: JobFolders, signal: AbortSignal) {
    this.#deps = deps;
    this.#journal = journal;
    this.#folders = folders;
    this.#signal = signal;
    const all = [...plan.tasks.map((task) => task.verify), journal.job.spec.verify];
    this.#commands = new Set(all.filter((command) => command !== undefined));
    this.#baseline = new Baseline((command) => this.#runOnBase(command));
  }

  /** Each distinct command also runs once on the base: called when the first worker lives, not before. */
  startBaseline(): void {
    this.#baseline.start(this.#commands);
  }

  /** Resolves when no command runs on the base. */
  idle(): Promise<void> {
    return this.#baseline.idle();
  }

  /** @param log gets what the commands print. */
  verifier(log: (text: string) => void): Verifier {
    return new Verifier({
      commands: this.#deps.commands,
      baseline: this.#baseline,
      timeoutMs: this.#deps.settings.verifyTimeoutSeconds * 1000,
      onOutput: log,
    });
  }

  async #runOnBase(command: string): Promise<CommandOutcome> {
    const signal = this.#signal;
    signal.throwIfAborted();
    const timeoutMs = this.#deps.settings.verifyTimeoutSeconds * 1000;
    const outcome = await this.#folders.inBaseFolder(signal, (cwd, env) =>
      this.#deps.commands.run({ command, cwd, env, timeoutMs, signal }),
    );
    await this.#journal.note({
      type: 'baseline.finished',
      command,
      green: outcome.exitCode === 0,
      seconds: outcome.seconds,
    });
    return outcome;
  }
}
