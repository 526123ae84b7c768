import { z } from 'zod';
import type { ClientId, ServerEntry } from '../../application/clients.ts';
import { putJsonEntry, readJsonEntry, removeJsonEntry } from './jsonEntry.ts';
import { putTomlEntry, readTomlEntry, removeTomlEntry } from './tomlEntry.ts';

type Format = {
  readonly title: string;
  readonly container: string;
  readonly language: 'json' | 'toml';
  /** Says `"type": "stdio"` in its entries. */
  readonly typed: boolean;
  /** Starts servers with the PATH of the desktop, not of the user's shell. */
  readonly barePath: boolean;
};

/** How each client writes a server down. */
export const FORMATS: Readonly<Record<ClientId, Format>> = {
  'claude-desktop': {
    title: 'Claude Desktop',
    container: 'mcpServers',
    language: 'json',
    typed: false,
    barePath: true,
  },
  'claude-code': {
    title: 'Claude Code',
    container: 'mcpServers',
    language: 'json',
    typed: true,
    barePath: false,
  },
  cursor: { title: 'Cursor', container: 'mcpServers', language: 'json', typed: false, barePath: false },
  vscode: { title: 'VS Code', container: 'servers', language: 'json', typed: true, barePath: false },
  codex: { title: 'Codex', container: 'mcp_servers', language: 'toml', typed: false, barePath: false },
};

const LANGUAGES = {
  json: { read: readJsonEntry, put: putJsonEntry, remove: removeJsonEntry },
  toml: { read: readTomlEntry, put: putTomlEntry, remove: removeTomlEntry },
} as const;

/** The edits of a language. @throws BrokenText by each of them. */
export const editsOf = ({ language }: Format): (typeof LANGUAGES)[Format['language']] => LANGUAGES[language];

const existingSchema = z.looseObject({
  url: z.never().optional(),
  env: z.record(z.string(), z.string()).optional(),
});

/**
 * What stands in the client's file for an entry. What the user gave an entry of ours beside it stays: variables,
 * timeouts, switches of the client; ours wins. An entry of another kind (a `url`) is replaced whole.
 */
export const writtenForm = ({ typed }: Format, entry: ServerEntry, existing: unknown): object => {
  const read = existingSchema.safeParse(existing);
  const kept = read.success ? read.data : {};
  const env = { ...kept.env, ...entry.env };
  return {
    ...(typed ? { type: 'stdio' } : {}),
    ...kept,
    command: entry.command,
    args: [...entry.args],
    ...(Object.keys(env).length === 0 ? {} : { env }),
  };
};
