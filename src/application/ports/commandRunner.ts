export type CommandOutcome = {
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  /** Both streams as they came, head and tail kept, the cut marked. */
  readonly output: string;
  readonly seconds: number;
  /** Names of failing tests, where the output or a report file tells them; undefined where it does not. */
  readonly failingTests: readonly string[] | undefined;
};

/** Runs a caller's command line (`setup`, `verify`) by the shell, in a folder, with a deadline, as a tree. */
export interface CommandRunner {
  run(o: {
    readonly command: string;
    readonly cwd: string;
    readonly env: Readonly<Record<string, string>>;
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
  }): Promise<CommandOutcome>;
}
