import { describe, expect, test } from 'vitest';
import { clientPlaces } from '../../../src/infrastructure/clients/places.ts';

const filesOf = (platform: NodeJS.Platform, home: string, env: Record<string, string> = {}) =>
  Object.fromEntries(
    Object.entries(clientPlaces({ platform, home, env })).map(([id, { file }]) => [id, file]),
  );

describe('where clients keep their servers', () => {
  test('on macOS', () => {
    expect(filesOf('darwin', '/Users/me')).toEqual({
      'claude-desktop': '/Users/me/Library/Application Support/Claude/claude_desktop_config.json',
      'claude-code': '/Users/me/.claude.json',
      cursor: '/Users/me/.cursor/mcp.json',
      vscode: '/Users/me/Library/Application Support/Code/User/mcp.json',
      codex: '/Users/me/.codex/config.toml',
    });
  });

  test('on Linux', () => {
    expect(filesOf('linux', '/home/me')).toEqual({
      'claude-desktop': '/home/me/.config/Claude/claude_desktop_config.json',
      'claude-code': '/home/me/.claude.json',
      cursor: '/home/me/.cursor/mcp.json',
      vscode: '/home/me/.config/Code/User/mcp.json',
      codex: '/home/me/.codex/config.toml',
    });
  });

  test('on Windows', () => {
    expect(filesOf('win32', 'C:\\Users\\me')).toEqual({
      'claude-desktop': 'C:\\Users\\me\\AppData\\Roaming\\Claude\\claude_desktop_config.json',
      'claude-code': 'C:\\Users\\me\\.claude.json',
      cursor: 'C:\\Users\\me\\.cursor\\mcp.json',
      vscode: 'C:\\Users\\me\\AppData\\Roaming\\Code\\User\\mcp.json',
      codex: 'C:\\Users\\me\\.codex\\config.toml',
    });
  });

  test("the clients' own variables move them, empty ones do not", () => {
    const moved = { XDG_CONFIG_HOME: '/x', CODEX_HOME: '/c', CLAUDE_CONFIG_DIR: '/k' };
    expect(filesOf('linux', '/home/me', moved)).toMatchObject({
      vscode: '/x/Code/User/mcp.json',
      codex: '/c/config.toml',
      'claude-code': '/k/.claude.json',
    });
    expect(filesOf('linux', '/home/me', { CODEX_HOME: '' }).codex).toBe('/home/me/.codex/config.toml');
    expect(filesOf('win32', 'C:\\me', { APPDATA: 'D:\\A' }).vscode).toBe('D:\\A\\Code\\User\\mcp.json');
  });
});
