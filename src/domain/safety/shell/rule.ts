import type { PathUse } from '../effect.ts';
import type { Risk } from '../verdict.ts';
import type { Stdin } from './command.ts';
import type { Language } from './language.ts';

/** One command with its name looked up, as the rules see it. */
export type Invocation = {
  /** Without folder, lower case where only that is known. */
  readonly name: string;
  readonly args: readonly string[];
  readonly stdin: Stdin;
  /** Source text of the whole command. */
  readonly span: string;
};

/** Where a nested command runs if not here: its deletes meet no file of the worktree. */
export type Place = 'machine' | 'container';

/** What a rule says of a command. */
export type Finding =
  | { readonly is: 'risk'; readonly code: string; readonly risk: Risk; readonly text: string }
  | {
      readonly is: 'read' | 'write';
      readonly path: string;
      readonly use?: PathUse;
      /** Where what is moved goes. */
      readonly to?: string;
    }
  /** A file or folder that is gone or empty afterwards. */
  | { readonly is: 'delete'; readonly path: string }
  /** A path that gets another place: relative links in it lead elsewhere then. */
  | { readonly is: 'move'; readonly path: string }
  /** Lines of a well-known program, by which a shell gets to know it. */
  | { readonly is: 'initialise' }
  /** Text that a shell will read. */
  | { readonly is: 'script'; readonly text: string; readonly place?: Place }
  /** Words that will run as a command, in `cwd` where that is another. */
  /** Words that run with rights the worker does not have: harmless only where they merely read here. */
  | { readonly is: 'privileged'; readonly words: readonly string[]; readonly text: string }
  | { readonly is: 'argv'; readonly words: readonly string[]; readonly cwd?: string; readonly place?: Place }
  /** A script of a package or makefile, by name; in `cwd` where that is another. */
  | { readonly is: 'package-script'; readonly kind: string; readonly name: string; readonly cwd?: string }
  /** A file that the command makes from the network. */
  | { readonly is: 'download'; readonly path: string }
  /** A link that the command makes; `climbs` where its source holds `..`. */
  | { readonly is: 'link'; readonly path: string; readonly climbs: boolean }
  /** A file that the command runs as a program; `as` where the command says by what. */
  | { readonly is: 'execute'; readonly path: string; readonly as?: 'shell' | Language };

/**
 * `base` is the risk of the program where nothing else is found: SAFE for those that only read or only
 * start another command, which is judged itself.
 */
export type Rule = {
  readonly base: Risk;
  readonly findings?: (call: Invocation) => readonly Finding[];
};

export type RuleTable = Readonly<Record<string, Rule>>;

export const risk = (code: string, level: Risk, text: string): Finding => ({
  is: 'risk',
  code,
  risk: level,
  text,
});
export const high = (code: string, text: string): Finding => risk(code, 'HIGH', text);
export const critical = (code: string, text: string): Finding => risk(code, 'CRITICAL', text);
export const reads = (paths: readonly string[]): readonly Finding[] =>
  paths.map((path) => ({ is: 'read', path }));
/** Folders of which all that lies below is read, where `all` holds. */
export const readsTree = (paths: readonly string[], all = true): readonly Finding[] =>
  paths.map((path) => ({ is: 'read', path, ...(all ? { use: 'tree' } : {}) }));
export const writes = (paths: readonly string[]): readonly Finding[] =>
  paths.map((path) => ({ is: 'write', path }));
export const deletes = (paths: readonly string[]): readonly Finding[] =>
  paths.map((path) => ({ is: 'delete', path }));
export const script = (text: string): Finding => ({ is: 'script', text });
/** Text that the shell of another machine or container reads. */
export const elsewhere = (text: string, place: Place): Finding => ({ is: 'script', text, place });
export const argv = (words: readonly string[]): Finding => ({ is: 'argv', words });

/** The same rule under several names. */
export const under = (names: string, rule: Rule): RuleTable =>
  Object.fromEntries(names.split(' ').map((name) => [name, rule]));
