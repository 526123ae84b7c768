import type { ToolFacts } from '../facts.ts';
import { type Decision, type Reason, RISKS, type Risk, strictest, type ToolCall, worst } from '../verdict.ts';
import { globMatches } from './glob.ts';
import { hostsOf, type Part, ruleMatches } from './matches.ts';
import type { PolicyRules } from './policy.ts';

/** A reason with what the policy makes of it. */
export type Decided = {
  readonly reason: Reason;
  readonly decision: Decision;
};

const isAtLeast = (risk: Risk, level: Risk): boolean => RISKS.indexOf(risk) >= RISKS.indexOf(level);

/** MCP tools by the policy's own lists: the hook never sees what a server says of its tools. */
const byMcpList = (reason: Reason, call: ToolCall, policy: PolicyRules): Reason => {
  if (!call.tool.startsWith('mcp__')) return reason;
  const listed = (patterns: readonly string[]) => patterns.some((one) => globMatches(one, call.tool));
  if (listed(policy.mcp.destructive))
    return {
      ...reason,
      risk: worst(reason.risk, 'HIGH'),
      text: 'the policy says that it destroys something',
      rule: 'mcp.destructive',
    };
  if (listed(policy.mcp.readOnly))
    return {
      ...reason,
      code: 'mcp',
      risk: 'SAFE',
      text: 'the policy says that it only reads',
      rule: 'mcp.read_only',
    };
  return reason;
};

type HostSay = { readonly decision: Decision; readonly known: boolean; readonly rule: string | undefined };

const NOTHING_SAID: HostSay = { decision: 'allow', known: false, rule: undefined };

/** What the lists say of the hosts that one thing names. A command's own `unknown` hosts are no web fetch. */
const byHosts = (part: Part, policy: PolicyRules): HostSay => {
  const hosts = hostsOf(part.effect);
  const own = part.effect.host;
  let say = NOTHING_SAID;
  for (const [at, layer] of policy.hosts.entries()) {
    const within = (patterns: readonly string[], host: string) =>
      patterns.some((one) => globMatches(one.toLowerCase(), host));
    if (hosts.some((host) => within(layer.deny, host)))
      return { decision: 'deny', known: false, rule: 'hosts.deny' };
    if (own === undefined) continue;
    if (within(layer.allow, own)) {
      if (at === 0) say = { ...say, known: true, rule: say.rule ?? 'hosts.allow' };
    } else if (strictest(say.decision, layer.unknown) !== say.decision)
      say = { ...say, decision: layer.unknown, rule: 'hosts.unknown' };
  }
  return say;
};

const byLevel = (risk: Risk, code: string, policy: PolicyRules): Decision =>
  risk === 'CRITICAL' && policy.dualControl.includes(code) ? 'ask' : policy.levels[risk];

/**
 * What the policy makes of one thing that a call does. The strictest of level, hosts and matching rules counts. Only
 * where no rule tightens does a rule's `allow` turn an `ask` into `allow`, and never for CRITICAL.
 */
export const decide = (
  part: Part,
  found: Reason,
  call: ToolCall,
  facts: ToolFacts,
  policy: PolicyRules,
): Decided => {
  let reason = byMcpList(found, call, policy);
  const hosts = byHosts(part, policy);
  if (hosts.known && reason.risk === 'MEDIUM') reason = { ...reason, risk: 'LOW', rule: 'hosts.allow' };
  if (policy.rules.length === 0 && hosts.rule === undefined)
    return { reason, decision: byLevel(reason.risk, reason.code, policy) };
  const named = { ...part, code: reason.code };
  const raising = policy.rules.filter(
    (rule) => rule.decision !== 'allow' && ruleMatches(rule, named, call, facts, 'tightens'),
  );
  for (const rule of raising) {
    if (rule.risk === undefined || isAtLeast(reason.risk, rule.risk)) continue;
    reason = { ...reason, risk: rule.risk, text: rule.reason, rule: rule.id };
  }
  const level = byLevel(reason.risk, reason.code, policy);
  let decision = level;
  if (strictest(decision, hosts.decision) !== decision) {
    decision = hosts.decision;
    reason = {
      ...reason,
      text: `the policy ${decision === 'deny' ? 'denies' : 'does not know'} its host`,
      rule: hosts.rule ?? 'hosts',
    };
  }
  for (const rule of raising) {
    if (rule.decision === undefined || strictest(decision, rule.decision) === decision) continue;
    decision = rule.decision;
    reason = { ...reason, text: rule.reason, rule: rule.id };
  }
  if (decision !== 'ask' || level !== 'ask' || reason.risk === 'CRITICAL') return { reason, decision };
  if (raising.some((rule) => rule.decision === 'ask')) return { reason, decision };
  if (hosts.decision === 'ask') return { reason, decision };
  const allowing = policy.rules.find(
    (rule) => rule.decision === 'allow' && ruleMatches(rule, named, call, facts, 'loosens'),
  );
  return allowing === undefined
    ? { reason, decision }
    : { reason: { ...reason, rule: allowing.id }, decision: 'allow' };
};
