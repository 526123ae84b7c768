import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { CliDeps, Screen } from '../presentation/cli/deps.ts';
import type { SafetyDeps } from '../presentation/cli/policy/safetyDeps.ts';
import { endWithReader } from '../presentation/cli/terminal.ts';

const { stdin, stdout, stderr } = process;

const FALLBACK = { columns: 80, rows: 24 } as const;

const screen: Screen = {
  columns: () => stdout.columns || FALLBACK.columns,
  rows: () => stdout.rows || FALLBACK.rows,
  onResize: (hear) => {
    stdout.on('resize', hear);
    return () => stdout.off('resize', hear);
  },
  every: (ms, hear) => {
    const timer = setInterval(hear, ms);
    return () => clearInterval(timer);
  },
};

const BROWSERS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

const browser = (): readonly [string, ...string[]] | undefined => {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  return BROWSERS[process.platform] ?? (DISPLAY || WAYLAND_DISPLAY ? ['xdg-open'] : undefined);
};

const openWith =
  ([command, ...args]: readonly [string, ...string[]]) =>
  async (url: string): Promise<void> => {
    // An address of the web alone: what else it could be would be another program's to run.
    if (!/^https?:$/.test(new URL(url).protocol)) return;
    const child = spawn(command, [...args, url], { detached: true, stdio: 'ignore' });
    child.unref();
    await new Promise<void>((resolve) => {
      child.once('spawn', resolve);
      // The link has been printed: whoever has no browser there opens it elsewhere.
      child.once('error', () => resolve());
    });
  };

const isSmart = stdout.isTTY === true && process.env.TERM !== 'dumb';
const opener = browser();

/** The terminal, the folder and the desktop that the command line runs in. */
export const thisTerminal: Pick<
  CliDeps & SafetyDeps,
  | 'stdout'
  | 'stderr'
  | 'screen'
  | 'now'
  | 'onInterrupt'
  | 'folder'
  | 'topLevel'
  | 'stdin'
  | 'open'
  | 'stdinParts'
  | 'writeOut'
> = {
  stdout: (out) => void stdout.write(out),
  stderr: (out) => void stderr.write(out),
  screen: isSmart ? screen : undefined,
  now: Date.now,
  onInterrupt: (hear) => {
    process.on('SIGINT', hear);
    return () => process.off('SIGINT', hear);
  },
  folder: () => process.cwd(),
  topLevel: async (folder) => {
    const git = (await import('../infrastructure/git/git.ts')).createGit(process.env);
    const { exitCode, stdout: top } = await git({
      cwd: folder,
      args: ['rev-parse', '--show-toplevel'],
      allow: [128],
    });
    return exitCode === 0 ? top.replace(/\r?\n$/, '') : undefined;
  },
  stdin: () => text(stdin),
  stdinParts: () => stdin.setEncoding('utf8'),
  writeOut: async (out) => {
    if (!stdout.write(out)) await once(stdout, 'drain');
  },
  open: opener === undefined ? undefined : openWith(opener),
};

/** For all commands but those that own stdout. */
export const endWithReaders = (): void => {
  for (const stream of [stdout, stderr]) endWithReader(stream, () => process.exit(0));
};
