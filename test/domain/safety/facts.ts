import type { ToolFacts } from '../../../src/domain/safety/facts.ts';
import { judgeParts, lookupsNeeded } from '../../../src/domain/safety/judge.ts';
import { DEFAULT_POLICY, type PolicyRules } from '../../../src/domain/safety/policy/policy.ts';
import type { ToolCall, Verdict } from '../../../src/domain/safety/verdict.ts';

export const WORKTREE = '/srv/lanes/job/task';
export const WORKSPACE = '/srv/project';
export const STATE = '/srv/state';

export const call = (tool: string, input: Record<string, unknown>): ToolCall => ({
  tool,
  input,
  fromSubagent: false,
});

/** The verdict alone, by rules that nobody hashed. */
export const judge = (toolCall: ToolCall, facts: ToolFacts, rules: PolicyRules = DEFAULT_POLICY): Verdict =>
  judgeParts(toolCall, facts, { ...rules, hash: 'p' }).verdict;

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
    realPaths: new Map(lookupsNeeded(toolCall, cwd).paths.map((path) => [path, real(path)])),
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

export const judgeShell = (
  command: string,
  links: Readonly<Record<string, string>> = {},
  ownFiles?: (path: string) => boolean,
): Verdict => {
  const toolCall = call('Bash', { command });
  const facts = factsFor(toolCall, links);
  return judge(toolCall, ownFiles === undefined ? facts : { ...facts, ownFiles });
};
