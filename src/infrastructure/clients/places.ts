import path from 'node:path';
import type { ClientId } from '../../application/clients.ts';

export type Machine = {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
};

export type Place = {
  /** The client's configuration file. */
  readonly file: string;
  /** The client is there where one of these is. */
  readonly signs: readonly string[];
};

/** Where each client keeps its servers for this user. Pure: any platform can be asked about on any other. */
export const clientPlaces = ({ platform, home, env }: Machine): Readonly<Record<ClientId, Place>> => {
  const { join, dirname } = platform === 'win32' ? path.win32 : path.posix;
  const set = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);
  const applications =
    platform === 'darwin'
      ? join(home, 'Library', 'Application Support')
      : platform === 'win32'
        ? (set('APPDATA') ?? join(home, 'AppData', 'Roaming'))
        : (set('XDG_CONFIG_HOME') ?? join(home, '.config'));
  const desktop = join(applications, 'Claude', 'claude_desktop_config.json');
  const claude = join(set('CLAUDE_CONFIG_DIR') ?? home, '.claude.json');
  const codex = set('CODEX_HOME') ?? join(home, '.codex');
  return {
    'claude-desktop': { file: desktop, signs: [dirname(desktop)] },
    'claude-code': { file: claude, signs: [claude, set('CLAUDE_CONFIG_DIR') ?? join(home, '.claude')] },
    cursor: { file: join(home, '.cursor', 'mcp.json'), signs: [join(home, '.cursor')] },
    vscode: {
      file: join(applications, 'Code', 'User', 'mcp.json'),
      signs: [join(applications, 'Code', 'User')],
    },
    codex: { file: join(codex, 'config.toml'), signs: [codex] },
  };
};
