import type { ToolFacts } from '../../../src/domain/safety/facts.ts';
import { judge, pathsOf } from '../../../src/domain/safety/judge.ts';
import type { ToolCall, Verdict } from '../../../src/domain/safety/verdict.ts';

export const WORKTREE = '/srv/lanes/job/task';
export const WORKSPACE = '/srv/project';
export const STATE = '/srv/state';

export const call = (tool: string, input: Record<string, unknown>): ToolCall => ({
  tool,
  input,
  fromSubagent: false,
});

/** Facts as an adapter finds them where nothing is a link, except what `links` says by prefix. */
export const factsFor = (
  toolCall: ToolCall,
  links: Readonly<Record<string, string>> = {},
  cwd = WORKTREE,
): ToolFacts => {
  const real = (path: string): string => {
    const link = Object.keys(links).find((from) => path === from || path.startsWith(`${from}/`));
    return link === undefined ? path : `${links[link] ?? ''}${path.slice(link.length)}`;
  };
  return {
    cwd,
    worktree: WORKTREE,
    readRoots: [WORKSPACE],
    realPaths: new Map(pathsOf(toolCall, cwd).map((path) => [path, real(path)])),
    protectedRoots: [STATE],
  };
};

export const judgeTool = (
  tool: string,
  input: Record<string, unknown>,
  links: Readonly<Record<string, string>> = {},
): Verdict => {
  const toolCall = call(tool, input);
  return judge(toolCall, factsFor(toolCall, links));
};

export const judgeShell = (command: string, links: Readonly<Record<string, string>> = {}): Verdict =>
  judgeTool('Bash', { command }, links);
