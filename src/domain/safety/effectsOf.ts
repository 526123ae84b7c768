import { type Effect, riskEffect } from './effect.ts';
import { absolute } from './lexicalPath.ts';
import { DYNAMIC, GLOB, HOME } from './markers.ts';
import { runsOwnPackage } from './ownProgram.ts';
import { shellEffects } from './shell/analyze.ts';
import { tellsNames } from './shell/rules/find.ts';
import { hasDestructiveVerb } from './shell/verbs.ts';
import { TOOL_RULES, type ToolRule, textField } from './tools.ts';
import type { ToolCall } from './verdict.ts';

type PathRule = Extract<ToolRule, { acts: 'read' | 'write' }>;

const CONTROL = /[\u0000-\u001f\u007f]/u;

const malformed = (call: ToolCall, field: string): readonly Effect[] => [
  riskEffect('malformed-input', 'HIGH', call.tool, `its input has no usable "${field}"`),
];

const pathEffects = (call: ToolCall, rule: PathRule, cwd: string): readonly Effect[] => {
  const given = textField(call.input, rule.path);
  if (given === undefined && !(rule.optional === true && call.input[rule.path] === undefined))
    return malformed(call, rule.path);
  if (given === '' && rule.optional !== true) return malformed(call, rule.path);
  if (given !== undefined && CONTROL.test(given)) return malformed(call, rule.path);
  // The CLI itself opens "~" as the home folder.
  const base = given === undefined ? cwd : absolute(cwd, given.replace(/^~(?=\/|$)/u, HOME));
  const effect = (path: string, span: string): Effect => ({
    type: 'path',
    access: rule.acts,
    path,
    span,
    by: 'tool',
  });
  const pattern = rule.pattern === undefined ? undefined : textField(call.input, rule.pattern);
  if (pattern === undefined) return [effect(base, given ?? cwd)];
  if (CONTROL.test(pattern)) return malformed(call, rule.pattern ?? '');
  // A pattern leads where its parts before the first wildcard say, and wherever any ".." in it climbs to.
  const climbs =
    /[*?[{]/u.exec(pattern) !== null && /(^|[/{,])\.\.(\/|$)/u.test(pattern.slice(pattern.search(/[*?[{]/u)));
  return [
    effect(base, given ?? cwd),
    effect(absolute(base, pattern.replaceAll(/[*?[{]/gu, GLOB)), pattern),
    ...(climbs ? [riskEffect('outside-read', 'HIGH', pattern, 'its pattern may leave the workspace')] : []),
  ];
};

const LOCAL_SERVICE = /^(169\.254\.|metadata\.|fd00:ec2|\[fd00:ec2|\[::ffff:a9fe:|\[fe80:)/iu;

const fetchEffects = (call: ToolCall): readonly Effect[] => {
  const url = URL.parse(textField(call.input, 'url') ?? '');
  if (url === null) return malformed(call, 'url');
  if (!['http:', 'https:'].includes(url.protocol) || LOCAL_SERVICE.test(url.hostname) || url.username !== '')
    return [riskEffect('network', 'HIGH', url.href, 'it fetches what is no public web page')];
  return [
    {
      ...riskEffect('network', 'MEDIUM', url.host, 'it fetches a web page'),
      host: url.hostname.replace(/\.$/u, ''),
    },
  ];
};

/** Whatever runs it: `npx claude-orchestrator approve` is the orchestrator's own command. */
const withOwnPackage = (effects: readonly Effect[]): readonly Effect[] => {
  const seen = new Set<readonly string[]>();
  return effects.flatMap((effect) => {
    if (effect.argv === undefined || seen.has(effect.argv)) return [effect];
    seen.add(effect.argv);
    const own = runsOwnPackage(effect.argv)
      ? [riskEffect('own-commands', 'CRITICAL', effect.span, "it runs the orchestrator's own commands")]
      : [];
    return [effect, ...own.map((each) => ({ ...each, argv: effect.argv }))];
  });
};

/** `find ~ | while read f; do cat "$f"; done`: what is opened by a name that nobody knows may be what find found. */
const withHandedOver = (effects: readonly Effect[]): readonly Effect[] => {
  const opens = effects.some(
    (effect) =>
      effect.type === 'path' &&
      effect.access === 'read' &&
      effect.path.startsWith(DYNAMIC) &&
      !tellsNames(effect.argv ?? []),
  );
  if (!opens) return effects;
  const found = effects.flatMap((effect): readonly Effect[] =>
    effect.type === 'path' &&
    effect.access === 'read' &&
    effect.use === undefined &&
    /^(.*\/)?(g?find|bfs)$/u.test(effect.argv?.[0] ?? '')
      ? [{ ...effect, use: 'tree' }]
      : [],
  );
  return [...effects, ...found];
};

const shellCall = (call: ToolCall, cwd: string, scripts: ReadonlyMap<string, string>): readonly Effect[] => {
  const command = textField(call.input, 'command');
  if (command === undefined) {
    return call.tool === 'Monitor' && call.input.ws !== undefined
      ? [riskEffect('network', 'HIGH', call.tool, 'it opens a connection')]
      : malformed(call, 'command');
  }
  return [
    ...(call.input.dangerouslyDisableSandbox === true
      ? [riskEffect('privilege', 'HIGH', 'dangerouslyDisableSandbox', 'it asks to run outside the sandbox')]
      : []),
    ...withHandedOver(withOwnPackage(shellEffects(command, cwd, scripts))),
  ];
};

/** Tools of MCP servers are known by name only: verbs of destruction are asked about, others watched. */
const mcpEffects = (call: ToolCall): readonly Effect[] => {
  const [, server = '', ...name] = call.tool.split('__');
  const effect = hasDestructiveVerb(name.join('_'))
    ? riskEffect('mcp-destroy', 'HIGH', call.tool, 'its name says that it destroys something')
    : riskEffect('mcp', 'MEDIUM', call.tool, 'it calls an MCP server');
  return [{ ...effect, host: `mcp:${server.toLowerCase()}` }];
};

/** All that a tool call would do, by its input and by the texts of package scripts that are known. */
export const effectsOf = (
  call: ToolCall,
  cwd: string,
  scripts: ReadonlyMap<string, string> = new Map(),
): readonly Effect[] => {
  if (call.tool.startsWith('mcp__')) return mcpEffects(call);
  const rule = TOOL_RULES.get(call.tool);
  if (rule === undefined) return [riskEffect('unknown-tool', 'HIGH', call.tool, 'no rule knows this tool')];
  if (rule.acts === 'shell') return shellCall(call, cwd, scripts);
  if (rule.acts === 'fetch') return fetchEffects(call);
  if (rule.acts === 'plain') {
    const isolated = ['Agent', 'Task'].includes(call.tool) && call.input.isolation !== undefined;
    return isolated
      ? [riskEffect('leave-worktree', 'HIGH', call.tool, 'its sub-agent would leave the worktree')]
      : [riskEffect(rule.code, rule.risk, call.tool, rule.text)];
  }
  return pathEffects(call, rule, cwd);
};
