import { type Finding, high, type Invocation, type RuleTable, under } from '../rule.ts';
import { CLOUD_RULES } from './cloud.ts';
import { byVerb } from './default.ts';

/** Words by which such a program only tells something, or looks after its own setup. */
const TELLS =
  /^(--?version|-[vV]|--?help|-h|help|version|doctor|models?|list|ls|show|status|get|whoami|completions?|completion|info|mcp|login|logout|auth|--list-models|--list-extensions)$/u;

const HANDS_OVER = high(
  'privilege',
  'it starts another agent, whose tool calls no gate judges and nobody watches',
);

/** Only what tells something is let through: most of them take their task as their first operand. */
const agent = (call: Invocation): readonly Finding[] => {
  const [first] = call.args;
  if (first === undefined) return [HANDS_OVER];
  return TELLS.test(first) &&
    call.args.length <= 3 &&
    call.args.slice(1).every((arg) => !/^--?(p|x|print|prompt|exec)$/u.test(arg))
    ? []
    : [HANDS_OVER];
};

/** Programs of other trades have the same name: only these words ask for the agent. */
const byWord =
  (words: string, otherwise: (call: Invocation) => readonly Finding[] = byVerb) =>
  (call: Invocation): readonly Finding[] =>
    call.args.some((arg) => words.split(' ').includes(arg.replace(/=.*$/su, '')))
      ? [HANDS_OVER]
      : otherwise(call);

/** `agent -p 8080` names a port. */
const cursor = (call: Invocation): readonly Finding[] =>
  call.args.some((arg, at) => /^(-p|--print)$/u.test(arg) && !/^\d*$/u.test(call.args[at + 1] ?? ''))
    ? [HANDS_OVER]
    : byVerb(call);

/** It takes its task from its standard input as well. */
const amp = (call: Invocation): readonly Finding[] =>
  call.stdin.kind === 'none' && call.stdin.file === undefined
    ? byWord('-x --execute --dangerously-allow-all --stream-json')(call)
    : [HANDS_OVER];

const byWords = (programs: Readonly<Record<string, string>>): RuleTable =>
  Object.fromEntries(
    Object.entries(programs).map(([name, words]) => [
      name,
      { base: 'MEDIUM', findings: byWord(words) } as const,
    ]),
  );

const AGENTS =
  'claude-code codex gemini gemini-cli aider aider-chat cursor-agent opencode opencode-ai qwen qwen-code auggie kiro-cli plandex openhands openhands-ai swe-agent sweagent mini-swe-agent cline kilocode grok-cli iflow iflow-cli gptme codebuff open-interpreter';

/**
 * Command lines of agents. What one of them does goes past the gate, however it is asked: as HIGH as starting a
 * worker by hand.
 */
export const AGENT_RULES: RuleTable = {
  ...under(AGENTS, { base: 'MEDIUM', findings: agent }),
  claude: {
    base: 'MEDIUM',
    findings: (call) =>
      call.args.every((arg) => /^(--version|-v|--help|-h)$/u.test(arg)) && call.args.length > 0
        ? []
        : [HANDS_OVER],
  },
  agent: { base: 'MEDIUM', findings: cursor },
  amp: { base: 'MEDIUM', findings: amp },
  copilot: {
    base: 'MEDIUM',
    findings: byWord(
      '-p --prompt -i --interactive --allow-all-tools --allow-all --yolo --autopilot',
      // Of the cloud's own program of that name.
      (call) => CLOUD_RULES.copilot?.findings?.(call) ?? [],
    ),
  },
  ...byWords({
    aichat: '-e --execute -a --agent',
    cn: '-p --print --auto --allow',
    crush: 'run -y --yolo',
    droid: 'exec',
    goose: 'run session recipe web schedule acp',
    grok: '-p --prompt',
    interpreter: '-y --auto_run --auto-run --os',
    q: 'chat --no-interactive --trust-all-tools -a',
  }),
};

/** Packages of agents, for a program that is named by its file within one. */
const PACKAGE = new RegExp(
  `(?:^|/)node_modules/(?:@[^/]+/)?(${AGENTS.replaceAll(' ', '|')}|copilot|amp|crush|droid)/`,
  'u',
);

/** `node node_modules/@openai/codex/bin/codex.js exec x`: the agent by its package. */
export const agentOfFile = (file: string, args: readonly string[]): readonly Finding[] => {
  const name = PACKAGE.exec(file)?.[1];
  return name === undefined ? [] : [{ is: 'argv', words: [name, ...args] }];
};
