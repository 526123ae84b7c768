import type { DoctorCheck, Explanation } from '../../application/diagnosis.ts';

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

export type KeptWorktree = { readonly path: string; readonly repository: string; readonly jobId: string };

export type CliDeps = {
  readonly version: string;
  readonly settings: readonly SettingFlag[];
  /** Where results go, and where everything else goes: prompts, warnings, errors. */
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** See `useColor`. */
  readonly color: { readonly stdout: boolean; readonly stderr: boolean };
  /** Asks a person yes or no; undefined where there is nobody to ask. */
  readonly confirm: ((question: string) => Promise<boolean>) | undefined;
  /** Hears what was thrown and is not one of our errors: the person sees no more than that it happened. */
  readonly onFault: (thrown: unknown) => void;
  /** Serves MCP over stdio until the client goes. It owns stdout. */
  readonly mcp: (options: { readonly inProcess: boolean; readonly flags: FlagValues }) => Promise<void>;
  readonly explain: (flags: FlagValues) => Explanation | Promise<Explanation>;
  readonly doctor: (flags: FlagValues) => Promise<readonly DoctorCheck[]>;
  readonly clean: {
    readonly kept: (flags: FlagValues) => Promise<readonly KeptWorktree[]>;
    /** Removes one worktree, and throws where it cannot. */
    readonly remove: (worktree: KeptWorktree, flags: FlagValues) => Promise<void>;
  };
};
