import type { DoctorCheck, Explanation } from '../../application/diagnosis.ts';
import type { OrchestratorClient } from '../client/api.ts';
import type { SetupDeps } from './setupDeps.ts';

/** What the command line needs done. The composition root gives it: nothing here knows how it is done. */

/** A setting as a flag: `key` comes back in the values, `flag` has its dashes (`--max-workers`). */
export type SettingFlag = {
  readonly key: string;
  readonly flag: string;
  readonly form: string;
  readonly description: string;
};

/** Flags that were given, by their setting's key. */
export type FlagValues = Readonly<Record<string, string>>;

export type KeptWorktree = {
  readonly path: string;
  readonly repository: string;
  readonly jobId: string;
  /** True where a task that waits for a decision will go on in it: then it is not for removal. */
  readonly waits: boolean;
};

/** What the commands call of the server's client. */
export type CliClient = Pick<
  OrchestratorClient,
  | 'submit'
  | 'status'
  | 'whole'
  | 'result'
  | 'list'
  | 'cancel'
  | 'steer'
  | 'taskOutput'
  | 'events'
  | 'diff'
  | 'approvals'
  | 'approval'
  | 'decide'
  | 'jobEvents'
  | 'taskLog'
  | 'dashboardLink'
>;

/** A terminal that can move its cursor. */
export type Screen = {
  /** As it is now, in cells. */
  readonly columns: () => number;
  readonly rows: () => number;
  /** Hears that the size has changed; ends with the returned function. */
  readonly onResize: (hear: () => void) => () => void;
  /** Calls again and again, `ms` milliseconds apart; ends with the returned function. */
  readonly every: (ms: number, hear: () => void) => () => void;
};

/** Where results go, and where everything else goes: prompts, warnings, errors. For `color` see `useColor`. */
export type Output = Pick<SetupDeps, 'stdout' | 'stderr' | 'color'>;

export type CliDeps = SetupDeps & {
  readonly version: string;
  readonly settings: readonly SettingFlag[];
  /** Asks a person yes or no; undefined where there is nobody to ask. */
  readonly confirm: ((question: string) => Promise<boolean>) | undefined;
  /** Hears what was thrown and is not one of our errors: the person sees no more than that it happened. */
  readonly onFault: (thrown: unknown) => void;
  /** Where stdout is a terminal that is not dumb. */
  readonly screen: Screen | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Hears Ctrl-C, which does nothing else then; ends with the returned function. */
  readonly onInterrupt: (hear: () => void) => () => void;
  /** The current folder, absolute. */
  readonly folder: () => string;
  /** The root of the git work tree that a folder is in; undefined where it is in none. */
  readonly topLevel: (folder: string) => Promise<string | undefined>;
  /** All of standard input as text. */
  readonly stdin: () => Promise<string>;

  /** Finds the server or starts it, or takes the one that the settings name. */
  readonly connect: (flags: FlagValues) => Promise<CliClient>;
  /** The same where one answers already; it never starts one. */
  readonly running: (flags: FlagValues) => Promise<CliClient | undefined>;
  /** Serves all faces until it is told to end. */
  readonly serve: (options: {
    readonly flags: FlagValues;
    /** Started by another command, which waits to hear that it is ready; it ends when nobody needs it. */
    readonly detached: boolean;
    /** Hears where the server is. */
    readonly onReady: (url: string) => void;
    /** Hears the first signal where a person watches (stderr is a terminal): seconds that running tasks get. */
    readonly onStopping: (drainSeconds: number) => void;
  }) => Promise<void>;
  /** Ends the local server and waits until it is gone. @returns what has ended; undefined where none ran. */
  readonly stop: (options: {
    readonly flags: FlagValues;
    /** Running tasks get no time. */
    readonly now: boolean;
    /** Hears, before the wait, how many seconds running tasks get. */
    readonly onWait: (drainSeconds: number) => void;
  }) => Promise<{ readonly pid: number; readonly url: string } | undefined>;
  /** Serves MCP over stdio until the client goes. It owns stdout. */
  readonly mcp: (options: { readonly inProcess: boolean; readonly flags: FlagValues }) => Promise<void>;
  /** Opens a page in the person's browser; undefined where there is no desktop. */
  readonly open: ((url: string) => Promise<void>) | undefined;
  readonly explain: (flags: FlagValues) => Explanation | Promise<Explanation>;
  readonly doctor: (flags: FlagValues) => Promise<readonly DoctorCheck[]>;
  readonly clean: {
    readonly kept: (flags: FlagValues) => Promise<readonly KeptWorktree[]>;
    /** Removes one worktree, and throws where it cannot. */
    readonly remove: (worktree: KeptWorktree, flags: FlagValues) => Promise<void>;
  };
};
