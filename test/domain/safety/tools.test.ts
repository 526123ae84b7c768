import { describe, expect, it } from 'vitest';
import { lookupsNeeded } from '../../../src/domain/safety/judge.ts';
import type { ToolCall } from '../../../src/domain/safety/verdict.ts';
import { call, factsFor, judge, judgeTool, STATE, WORKSPACE, WORKTREE } from './facts.ts';

const risk = (tool: string, input: Record<string, unknown>, links = {}): string =>
  judgeTool(tool, input, links).risk;

describe('the base table', () => {
  it('is read SAFE, write LOW, command MEDIUM, delete HIGH', () => {
    expect(risk('Read', { file_path: `${WORKTREE}/a` })).toBe('SAFE');
    expect(risk('Write', { file_path: `${WORKTREE}/a`, content: '' })).toBe('LOW');
    expect(risk('Bash', { command: 'npm test' })).toBe('MEDIUM');
    expect(risk('Bash', { command: 'rm a' })).toBe('HIGH');
  });

  it.each(['Cron', 'RemoteTrigger', 'Workflow', 'read', '', 'constructor', '__proto__'])(
    'refuses the unknown tool %s',
    (tool) => {
      expect(risk(tool, {})).toBe('HIGH');
    },
  );

  it.each([
    ['TodoWrite', {}, 'SAFE'],
    ['WebSearch', { query: 'x' }, 'SAFE'],
    ['WebFetch', { url: 'https://example.com' }, 'MEDIUM'],
    ['WebFetch', { url: 'file:///etc/passwd' }, 'HIGH'],
    ['WebFetch', { url: 'http://169.254.169.254/latest' }, 'HIGH'],
    ['Agent', { prompt: 'x' }, 'MEDIUM'],
    ['Agent', { prompt: 'x', isolation: 'worktree' }, 'HIGH'],
    ['EnterWorktree', {}, 'HIGH'],
    ['mcp__db__query', {}, 'MEDIUM'],
    ['mcp__db__delete_row', {}, 'HIGH'],
    ['Bash', { command: 'ls', dangerouslyDisableSandbox: true }, 'HIGH'],
    ['Bash', {}, 'HIGH'],
    ['Bash', { command: ['ls'] }, 'HIGH'],
    ['Monitor', { command: 'rm x' }, 'HIGH'],
    ['Write', {}, 'HIGH'],
    ['Read', { file_path: 7 }, 'HIGH'],
  ])('%s %j is %s', (tool, input, expected) => {
    expect(risk(tool, input)).toBe(expected);
  });
});

describe('the fence of the file tools', () => {
  it.each([
    ['a prefix sibling', `${WORKTREE}-evil/a`],
    ['a climb', `${WORKTREE}/../a`],
    ['a relative climb', '../a'],
    ['a home', '~/a'],
    ['the system', '/etc/passwd'],
    ['a kernel door', `/proc/self/root${WORKTREE}/a`],
    ['the workspace', `${WORKSPACE}/a`],
    ['the temporary folder', '/tmp/a'],
    ["git's folder", `${WORKTREE}/.git/config`],
    ["git's file", `${WORKTREE}/.git`],
    ['a hook that is not there yet', `${WORKTREE}/sub/.git/hooks/pre-commit`],
    ["Claude's settings", `${WORKTREE}/.claude/settings.json`],
    ['MCP servers', `${WORKTREE}/.mcp.json`],
    ['other letter case', `${WORKTREE}/.GIT/hooks/x`],
    ['an ignorable character', `${WORKTREE}/.g\u200cit/config`],
    ['full-width letters', `${WORKTREE}/.ｇｉｔ/config`],
    ['a NUL', `${WORKTREE}/a\u0000b`],
    ['the state', `${STATE}/db`],
  ])('refuses a write to %s', (_name, path) => {
    expect(judgeTool('Write', { file_path: path, content: '' }).decision).not.toBe('allow');
  });

  it('lets through what only looks protected', () => {
    for (const name of ['.gitignore', '.github/x.yml', 'a..b', '...', '.claudeignore', 'git'])
      expect(risk('Edit', { file_path: `${WORKTREE}/${name}` })).toBe('LOW');
  });

  it.each(['/etc/passwd', '/srv/project-evil/a', `${STATE}/db`, '/proc/self/environ', '~/.ssh/id_rsa'])(
    'refuses to read %s',
    (path) => {
      expect(judgeTool('Read', { file_path: path }).decision).not.toBe('allow');
    },
  );

  it('reads the workspace', () => {
    expect(risk('Read', { file_path: `${WORKSPACE}/a` })).toBe('SAFE');
    expect(risk('Grep', { pattern: 'x', path: WORKSPACE })).toBe('SAFE');
    expect(risk('Glob', { pattern: '**/*.ts' })).toBe('SAFE');
  });

  it.each(['../../**', '/etc/*', '**/../../../x', '{a,../../..}/*'])('refuses the pattern %s', (pattern) => {
    expect(judgeTool('Glob', { pattern }).decision).not.toBe('allow');
  });

  it('follows links on both sides', () => {
    const links = {
      [`${WORKTREE}/out`]: '/etc',
      [`${WORKTREE}/in`]: `${WORKTREE}/src`,
      [`${WORKTREE}/g`]: `${WORKTREE}/.git`,
    };
    expect(risk('Write', { file_path: `${WORKTREE}/out/x`, content: '' }, links)).toBe('HIGH');
    expect(risk('Write', { file_path: `${WORKTREE}/in/x`, content: '' }, links)).toBe('LOW');
    expect(risk('Write', { file_path: `${WORKTREE}/g/config`, content: '' }, links)).toBe('HIGH');
    expect(risk('Write', { file_path: `${WORKTREE}/out/../x`, content: '' }, links)).toBe('HIGH');
    expect(risk('Bash', { command: 'echo x > out/x' }, links)).toBe('HIGH');
  });

  it('refuses a path that nobody has looked up', () => {
    const write = call('Write', { file_path: `${WORKTREE}/a`, content: '' });
    expect(judge(write, { ...factsFor(write), realPaths: new Map() }).decision).not.toBe('allow');
  });
});

describe('lookupsNeeded', () => {
  const pathsOf = (asked: ToolCall) => lookupsNeeded(asked, '/w').paths;

  it('names what an adapter must look up, also in a shell command', () => {
    expect(pathsOf(call('Write', { file_path: 'a/./b' }))).toEqual(['/w/a/b']);
    expect(pathsOf(call('Bash', { command: 'cd s && cp x /e/y > ../o' }))).toEqual([
      '/w/s',
      '/w',
      '/w/o',
      '/w/s/x',
      '/e/y',
    ]);
    expect(pathsOf(call('Bash', { command: "bash -c 'echo > in'" }))).toEqual(['/w/in']);
  });
});
