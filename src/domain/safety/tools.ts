import { z } from 'zod';
import type { Risk } from './verdict.ts';

/** How a tool of the CLI acts, and which field of its input says on what. */
export type ToolRule =
  | {
      readonly acts: 'read' | 'write';
      readonly path: string;
      readonly pattern?: string;
      readonly optional?: true;
    }
  | { readonly acts: 'shell' }
  | { readonly acts: 'fetch' }
  | { readonly acts: 'plain'; readonly risk: Risk; readonly code: string; readonly text: string };

const plain = (risk: Risk, code: string, text: string): ToolRule => ({ acts: 'plain', risk, code, text });
const harmless = plain('SAFE', 'read', 'it only reads or keeps notes');
const leaves = plain('HIGH', 'leave-worktree', 'it leaves the worktree of the task');

/**
 * Tools of Claude Code by name, after its `sdk-tools.d.ts` (0.3.331) and the older names it still knows.
 * A tool that is not here is refused: a new one may do anything.
 */
export const TOOL_RULES: ReadonlyMap<string, ToolRule> = new Map<string, ToolRule>([
  ['Read', { acts: 'read', path: 'file_path' }],
  ['NotebookRead', { acts: 'read', path: 'notebook_path' }],
  ['LS', { acts: 'read', path: 'path', optional: true }],
  ['Glob', { acts: 'read', path: 'path', pattern: 'pattern', optional: true }],
  ['Grep', { acts: 'read', path: 'path', pattern: 'glob', optional: true }],
  ['Write', { acts: 'write', path: 'file_path' }],
  ['Edit', { acts: 'write', path: 'file_path' }],
  ['MultiEdit', { acts: 'write', path: 'file_path' }],
  ['NotebookEdit', { acts: 'write', path: 'notebook_path' }],
  ['Bash', { acts: 'shell' }],
  ['Monitor', { acts: 'shell' }],
  ['WebFetch', { acts: 'fetch' }],
  ['WebSearch', harmless],
  ['TodoWrite', harmless],
  ['TodoRead', harmless],
  ['BashOutput', harmless],
  ['TaskOutput', harmless],
  ['KillShell', plain('MEDIUM', 'command', 'it ends a background command')],
  ['KillBash', plain('MEDIUM', 'command', 'it ends a background command')],
  ['TaskStop', plain('MEDIUM', 'command', 'it ends a background task')],
  ['Agent', plain('MEDIUM', 'command', 'it starts a sub-agent, whose calls are judged one by one')],
  ['Task', plain('MEDIUM', 'command', 'it starts a sub-agent, whose calls are judged one by one')],
  ['ToolSearch', harmless],
  ['Skill', plain('MEDIUM', 'command', 'it loads instructions')],
  ['AskUserQuestion', harmless],
  ['EnterPlanMode', harmless],
  ['ExitPlanMode', harmless],
  ['StructuredOutput', harmless],
  ['TaskCreate', harmless],
  ['TaskUpdate', harmless],
  ['TaskList', harmless],
  ['TaskGet', harmless],
  ['ReportFindings', harmless],
  ['ListMcpResources', harmless],
  ['ListMcpResourcesTool', harmless],
  ['ReadMcpResource', plain('MEDIUM', 'command', 'it reads from an MCP server')],
  ['ReadMcpResourceTool', plain('MEDIUM', 'command', 'it reads from an MCP server')],
  ['EnterWorktree', leaves],
  ['ExitWorktree', leaves],
]);

export const textField = (input: Readonly<Record<string, unknown>>, name: string): string | undefined =>
  z.string().safeParse(input[name]).data;
