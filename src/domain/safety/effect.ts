import type { Risk } from './verdict.ts';

/** Where an effect comes from, for the rules of a policy. */
type Origin = {
  /** Words of the one command that does it, wrappers taken off; what is known only when it runs is a marker. */
  readonly argv?: readonly string[];
  /** Host of a web fetch, or `mcp:<server>`. */
  readonly host?: string;
};

/** What a call would do, before the facts decide whether that is allowed. */
export type RiskEffect = Origin & {
  readonly type: 'risk';
  readonly code: string;
  readonly risk: Risk;
  readonly span: string;
  readonly text: string;
};

/**
 * More than that a path is read: `tree` takes all that lies below it; `git-dir` makes git follow the configuration
 * there, which names programs; `run` starts it, and by itself says nothing of what may be read.
 */
export type PathUse = 'tree' | 'git-dir' | 'run';

/**
 * A path that a call names. `tool` says that a file tool of the CLI does it: its fence is narrower than
 * that of a shell command, which may also use the temporary folder and read the system's files.
 */
export type PathEffect = Origin & {
  readonly type: 'path';
  readonly access: 'read' | 'write' | 'delete';
  /** Absolute, or beginning with the home marker; `..` is kept, since links decide what it means. */
  readonly path: string;
  readonly span: string;
  readonly by: 'tool' | 'shell';
  readonly use?: PathUse;
  /** Of what is moved: where it goes, absolute as `path` is. */
  readonly to?: string;
};

/**
 * A script of a package, a makefile and the like that the call runs. Its text is not in the call: an adapter
 * looks it up by `key` (`npm:<absolute folder>:<script>`), and the judge reads it as shell. MEDIUM where
 * nobody knows the text.
 */
export type ScriptEffect = Origin & {
  readonly type: 'script';
  readonly key: string;
  /** Absolute folder that the script runs in. */
  readonly cwd: string;
  readonly span: string;
};

export type Effect = RiskEffect | PathEffect | ScriptEffect;

export const riskEffect = (code: string, risk: Risk, span: string, text: string): RiskEffect => ({
  type: 'risk',
  code,
  risk,
  span,
  text,
});
