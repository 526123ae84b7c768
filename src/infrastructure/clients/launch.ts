import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { SERVER_NAME, type ServerEntry } from '../../application/clients.ts';
import { findProgram } from '../process/findProgram.ts';

export type LaunchInput = {
  /** The Node that runs now, and the script that it runs. */
  readonly node: string;
  readonly script: string;
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
};

type Searched = Pick<LaunchInput, 'env' | 'cwd'>;

export type Launch = { readonly entry: ServerEntry; readonly warnings: readonly string[] };

/** Folders that every desktop program has on its PATH. */
const STANDARD_PATH = ['/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin'] as const;

/**
 * How clients shall start the server: with absolute paths, since a desktop program's PATH has neither nvm nor
 * Homebrew. The user's own `claude` is named where there is one; else the CLI beside this package is found.
 */
export const launchOf = (input: LaunchInput): Launch => {
  const script = realOr(input.script);
  const node = stableNode(input.node);
  const claude = userProgram('claude', input);
  const env: ServerEntry['env'] = claude === undefined ? {} : { ORCHESTRATOR_CLAUDE_PATH: claude };
  if (!isThrowaway(script)) return { entry: { command: node, args: [script, 'mcp'], env }, warnings: [] };
  const npx = npxOf(node);
  return {
    entry: {
      command: npx === undefined ? 'npx' : node,
      args: [...(npx === undefined ? [] : [npx]), '-y', `${SERVER_NAME}@${input.version}`, 'mcp'],
      env,
    },
    warnings: [
      `This program runs from a cache that npm may empty (${path.dirname(script)}), so clients will start it with npx. \`npm install --global ${SERVER_NAME}\` and setup again start it faster.`,
    ],
  };
};

/** The PATH for a client that gives its servers a bare one: ours, so that workers find git and the tests' tools. */
export const withPath = (entry: ServerEntry, input: Searched): ServerEntry => {
  const tools = ['claude', 'git', 'npm'].flatMap((tool) => userProgram(tool, input) ?? []);
  const folders = [entry.command, ...tools].filter(path.isAbsolute).map((tool) => path.dirname(tool));
  return {
    ...entry,
    env: { ...entry.env, PATH: [...new Set([...folders, ...STANDARD_PATH])].join(path.delimiter) },
  };
};

/** @returns the absolute path of a program of the user's: npm puts folders of packages before a PATH. */
export const userProgram = (name: string, { env, cwd }: Searched): string | undefined => {
  const folders = (env.PATH ?? '').split(path.delimiter);
  const own = folders.filter((folder) => !folder.includes('node_modules') && !isThrowaway(folder));
  return findProgram(name, own.join(path.delimiter), cwd);
};

/** npx and its like run programs from folders that vanish. */
export const isThrowaway = (script: string): boolean =>
  script.split(/[\\/]/).some((part) => part === '_npx' || /^dlx-|^bunx-|^xfs-/.test(part));

/** Homebrew's own name for the Node of one version goes with the next version; the name that stays is taken. */
const stableNode = (node: string): string => {
  const cellar = /^(.*)\/Cellar\/([^/]+)\/[^/]+\/bin\/node$/.exec(node);
  if (cellar === null) return node;
  const [, prefix = '', formula = ''] = cellar;
  const stays = [path.join(prefix, 'opt', formula, 'bin', 'node'), path.join(prefix, 'bin', 'node')];
  return stays.find((name) => existsSync(name) && realOr(name) === realOr(node)) ?? node;
};

const npxOf = (node: string): string | undefined => {
  const besides = path.join(
    path.dirname(path.dirname(node)),
    'lib',
    'node_modules',
    'npm',
    'bin',
    'npx-cli.js',
  );
  return existsSync(besides) ? besides : undefined;
};

const realOr = (file: string): string => {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
};
