import { describe, expect, it } from 'vitest';
import { lookupsNeeded } from '../../../src/domain/safety/judge.ts';
import type { Verdict } from '../../../src/domain/safety/verdict.ts';
import { call, factsFor, judge, judgeTool, STATE, WORKTREE } from './facts.ts';

const HOME_FOLDER = '/home/ann';

const shell = (
  command: string,
  over: { own?: readonly string[]; links?: Record<string, string>; roots?: readonly string[] } = {},
): Verdict => {
  const toolCall = call('Bash', { command });
  const facts = factsFor(toolCall, over.links ?? {});
  return judge(toolCall, {
    ...facts,
    home: HOME_FOLDER,
    protectedRoots: over.roots ?? [STATE],
    ownFiles: (path) => (over.own ?? []).includes(path),
  });
};
const write = (file_path: string): Verdict => judgeTool('Write', { file_path, content: '' });

describe('a deletion', () => {
  it('of what git does not track and the base does not have is MEDIUM', () => {
    const own = [`${WORKTREE}/dist`, `${WORKTREE}/*.log`];
    expect(shell('rm -rf dist', { own })).toMatchObject({ risk: 'MEDIUM', decision: 'allow' });
    expect(shell('rm -f *.log', { own }).decision).toBe('allow');
    expect(shell('rm -rf dist src', { own }).decision).toBe('ask');
  });

  it.each([
    ['what nobody has looked up', 'rm -rf src', {}],
    ['the worktree itself', `rm -rf ${WORKTREE}`, { own: [WORKTREE] }],
    ['what lies outside', 'rm -rf /srv/x', { own: ['/srv/x'] }],
    ['what is known only when it runs', 'rm -rf "dist/$x"', { own: [`${WORKTREE}/dist`] }],
    ["git's own folder", 'rm -rf .git', { own: [`${WORKTREE}/.git`] }],
    ["the policy's folder", 'rm -rf .orchestrator', { own: [`${WORKTREE}/.orchestrator`] }],
    [
      'what a link leads to outside',
      'rm -rf out/x',
      { own: [`${WORKTREE}/out/x`], links: { [`${WORKTREE}/out`]: '/srv' } },
    ],
    ['a climb', 'rm -rf dist/../src', { own: [`${WORKTREE}/dist`, `${WORKTREE}/src`] }],
    ['a home', 'rm -rf ~/x', { own: [`${HOME_FOLDER}/x`] }],
  ])('of %s is HIGH', (_name, command, over) => {
    expect(shell(command, over)).toMatchObject({ risk: 'HIGH', decision: 'ask' });
  });

  it.each(['rm -rf /srv', 'rm -rf /srv/*', `rm ${STATE}/db`, 'rm -rf /'])(
    'that takes the own state with it is CRITICAL: %s',
    (command) => {
      expect(shell(command)).toMatchObject({ risk: 'CRITICAL', decision: 'deny' });
    },
  );

  it('asks an adapter for exactly what it would take', () => {
    const { deletes } = lookupsNeeded(call('Bash', { command: 'rm -rf a b/*.o ~/c "$d" ../e' }), '/w');
    expect(deletes.toSorted()).toEqual(['/w/a', '/w/b/*.o']);
  });
});

describe('the own state', () => {
  it('is known by the name that a home gives it, and in any letter case', () => {
    const roots = [`${HOME_FOLDER}/.local/state/co`];
    for (const command of [
      'cat ~/.local/state/co/server.json',
      'cat /home/ann/.LOCAL/state/CO/server.json',
      'echo x > ~/.local/state/co/approvals.json',
    ])
      expect([command, shell(command, { roots }).risk]).toEqual([command, 'CRITICAL']);
    expect(shell('cat ~/.local/state/code/x', { roots }).risk).not.toBe('CRITICAL');
  });
});

describe('protected names', () => {
  it.each([
    '.orchestrator/policy.yaml',
    '.Orchestrator/POLICY.json',
    '.git./config',
    '.git /config',
    '.git::$INDEX_ALLOCATION/config',
    '.claude\u00ad/settings.json',
    '.cl\u200daude/settings.json',
    'sub/.mcp.json',
    'GIT~1/config',
    '.g\u0131t/config',
  ])('are protected in every form: %s', (name) => {
    expect(write(`${WORKTREE}/${name}`).decision).not.toBe('allow');
  });

  it.each(['.orchestrator/notes.md', '.orchestra/policy.yaml', '.gitattributes', 'policy.yaml'])(
    'leave others alone: %s',
    (name) => {
      expect(write(`${WORKTREE}/${name}`).decision).toBe('allow');
    },
  );
});

describe('other doors to a file', () => {
  it.each([
    `/proc/self/root${WORKTREE}/a`,
    '/proc/self/cwd/a',
    '/proc/1234/fd/3',
    '/dev/fd/3',
    'C:\\Windows\\a',
    '\\\\?\\C:\\a',
    '\\\\host\\share\\a',
    '..\\..\\a',
  ])('are refused for reading and writing: %s', (path) => {
    expect(judgeTool('Read', { file_path: path }).decision).not.toBe('allow');
    expect(write(path).decision).not.toBe('allow');
  });

  it("keep a shell profile's place also where a home is the worktree", () => {
    const toolCall = call('Write', { file_path: '.bashrc', content: '' });
    const facts = factsFor(toolCall);
    expect(judge(toolCall, facts).decision).toBe('allow');
    expect(judge(toolCall, { ...facts, home: WORKTREE }).decision).not.toBe('allow');
  });
});
