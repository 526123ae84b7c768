/** What a simple command finds on its standard input, as far as the text tells. */
export type Stdin =
  /** `file`: where it reads from a file that the text names. */
  | { readonly kind: 'none'; readonly file?: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'pipe'; readonly from: SimpleCommand | undefined };

export type ShellRedirect = {
  readonly access: 'read' | 'write';
  readonly target: string;
  /** `>>` keeps what the file holds. */
  readonly appends?: true;
};

/**
 * One simple command of a script. Words are dequoted and expanded as far as that is possible by text;
 * what is known only when it runs is a marker (markers.ts). Without words it only assigns or redirects.
 */
export type SimpleCommand = {
  readonly words: readonly string[];
  readonly assignments: readonly { readonly name: string; readonly value: string }[];
  readonly redirects: readonly ShellRedirect[];
  readonly stdin: Stdin;
  /** Absolute folder; undefined after a `cd` to a place that is not known. */
  readonly cwd: string | undefined;
  /** Folders that it may run in as well, where an earlier `cd` may have failed. */
  readonly maybe: readonly (string | undefined)[];
  /** What it redirects are the commands of a group, which come by themselves. */
  readonly isGroup?: true;
  /** Source text. */
  readonly span: string;
};

export type Problem = {
  readonly code: 'unparsable' | 'too-complex';
  readonly text: string;
  readonly span: string;
};

export type ParsedShell = {
  readonly commands: readonly SimpleCommand[];
  readonly problems: readonly Problem[];
  /** Names of functions that call themselves. */
  readonly recursive: readonly string[];
};
