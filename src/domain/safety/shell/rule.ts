import type { Risk } from '../verdict.ts';
import type { Stdin } from './command.ts';

/** One command with its name looked up, as the rules see it. */
export type Invocation = {
  /** Without folder, lower case where only that is known. */
  readonly name: string;
  readonly args: readonly string[];
  readonly stdin: Stdin;
};

/** What a rule says of a command. */
export type Finding =
  | { readonly is: 'risk'; readonly code: string; readonly risk: Risk; readonly text: string }
  | { readonly is: 'read' | 'write'; readonly path: string }
  /** A path that gets another place: relative links in it lead elsewhere then. */
  | { readonly is: 'move'; readonly path: string }
  /** Text that a shell will read. */
  | { readonly is: 'script'; readonly text: string }
  /** Words that will run as a command, in `cwd` where that is another. */
  | { readonly is: 'argv'; readonly words: readonly string[]; readonly cwd?: string }
  /** A file that the command makes from the network. */
  | { readonly is: 'download'; readonly path: string }
  /** A link that the command makes; `climbs` where its source holds `..`. */
  | { readonly is: 'link'; readonly path: string; readonly climbs: boolean }
  /** A file that the command runs as a program. */
  | { readonly is: 'execute'; readonly path: string };

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
export const reads = (paths: readonly string[]): readonly Finding[] =>
  paths.map((path) => ({ is: 'read', path }));
export const writes = (paths: readonly string[]): readonly Finding[] =>
  paths.map((path) => ({ is: 'write', path }));
export const script = (text: string): Finding => ({ is: 'script', text });
export const argv = (words: readonly string[]): Finding => ({ is: 'argv', words });

/** The same rule under several names. */
export const under = (names: string, rule: Rule): RuleTable =>
  Object.fromEntries(names.split(' ').map((name) => [name, rule]));
