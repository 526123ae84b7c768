/** MCP clients that this program can register itself with, and what a registration is. */

export const CLIENT_IDS = ['claude-desktop', 'claude-code', 'cursor', 'vscode', 'codex'] as const;
export type ClientId = (typeof CLIENT_IDS)[number];

/** Name of our server in every client; `remove` knows its own entry by it. */
export const SERVER_NAME = 'claude-orchestrator';

/** How a client starts the server: an absolute program, its arguments, and variables beside the client's own. */
export type ServerEntry = {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
};

/** What setup or remove would do to one client. Nothing is written before `apply`. */
export type ClientChange = {
  readonly client: ClientId;
  readonly title: string;
  /** The client's configuration file, absolute. */
  readonly file: string;
  readonly action: 'add' | 'replace' | 'remove' | 'none';
  /** The file's text now, and as it will be; both empty where there is no file. */
  readonly before: string;
  readonly after: string;
  /** The entry of our server in both, as the client writes it; undefined where there is none. */
  readonly entry: { readonly before: unknown; readonly after: unknown };
  /** Where the client's own command line does it: the argument vectors that run, one after the other. */
  readonly commands: readonly (readonly string[])[];
};

export type Applied = {
  /** The copy of the file as it was, beside it; undefined where there was no file. */
  readonly backup: string | undefined;
};

export type ClientRegistry = {
  readonly titles: Readonly<Record<ClientId, string>>;
  /** What will be registered, and what a person should know about it. */
  readonly launch: { readonly entry: ServerEntry; readonly warnings: readonly string[] };
  /** Clients that are on this machine, by their configuration folder. */
  readonly found: () => Promise<readonly ClientId[]>;
  /**
   * @throws ConfigurationError where the client's file cannot be understood: file and line are named.
   * @throws FileSystemError where it cannot be read or may not be written.
   */
  readonly plan: (client: ClientId, wish: 'add' | 'remove') => Promise<ClientChange>;
  /** @throws ConflictError where the file changed since `plan`. */
  readonly apply: (change: ClientChange) => Promise<Applied>;
};
