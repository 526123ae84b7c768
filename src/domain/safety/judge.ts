import type { Effect } from './effect.ts';
import { effectsOf } from './effectsOf.ts';
import type { ToolFacts } from './facts.ts';
import { deletedPath, judgePath, lookupsOf } from './fence.ts';
import { isUncertain } from './markers.ts';
import { type Decided, decide } from './policy/decide.ts';
import type { Policy } from './policy/policy.ts';
import { messageFor, shown } from './refusal.ts';
import {
  type Decision,
  type Reason,
  RISKS,
  type Risk,
  strictest,
  type ToolCall,
  type Verdict,
  worst,
} from './verdict.ts';

/** All of a call's parts, each with what the policy makes of it, in the order in which the call does them. */
export type Judgement = { readonly verdict: Verdict; readonly parts: readonly JudgedPart[] };
export type JudgedPart = Decided & { readonly effect: Effect };

const reasonOf = (effect: Effect, facts: ToolFacts): Reason => {
  if (effect.type === 'path') return judgePath(effect, facts);
  if (effect.type === 'script')
    return { code: 'command', risk: 'MEDIUM', span: effect.span, text: 'it runs a script of a package' };
  return { code: effect.code, risk: effect.risk, span: effect.span, text: effect.text };
};

const isWorse = (a: Decided, b: Decided): boolean =>
  RISKS.indexOf(a.reason.risk) > RISKS.indexOf(b.reason.risk) ||
  (a.reason.risk === b.reason.risk && strictest(a.decision, b.decision) !== b.decision);

/** One reason a code and span: its worst. */
const distinct = (parts: readonly Decided[]): readonly Decided[] => {
  const byText = new Map<string, Decided>();
  for (const { reason, decision } of parts) {
    const key = `${reason.code}\n${reason.span}`;
    const known = byText.get(key);
    const shownPart = { reason: { ...reason, span: shown(reason.span) }, decision };
    if (known === undefined || isWorse(shownPart, known)) byText.set(key, shownPart);
  }
  return [...byText.values()].toSorted((a, b) => RISKS.indexOf(b.reason.risk) - RISKS.indexOf(a.reason.risk));
};

/**
 * What one tool call of a worker would do, and what the policy makes of it, with the parts that led to it: its risk is
 * its worst effect, not its tool. Pure; never throws. What is not allowed has a message for the model.
 * @param effects what `lookupsNeeded` found of this call with these scripts: a long text is then read once.
 */
export const judgeParts = (
  call: ToolCall,
  facts: ToolFacts,
  policy: Policy,
  effects: readonly Effect[] = effectsOf(call, facts.cwd, facts.scripts),
): Judgement => {
  const parts = effects.map((effect): JudgedPart => {
    const found = reasonOf(effect, facts);
    return { effect, ...decide({ effect, code: found.code }, found, call, facts, policy) };
  });
  const decided = distinct(parts);
  const decision = decided.reduce<Decision>((most, part) => strictest(most, part.decision), 'allow');
  const stopped = decided.filter((part) => part.decision !== 'allow');
  const verdict: Verdict = {
    risk: decided.reduce<Risk>((most, { reason }) => worst(most, reason.risk), 'SAFE'),
    decision,
    approversNeeded: stopped.some(({ reason }) => reason.risk === 'CRITICAL') ? 2 : 1,
    reasons: decided.map(({ reason }) => reason),
    message: messageFor(
      call.tool,
      // What is denied says more than what a person could grant.
      stopped
        .toSorted((a, b) => (a.decision === b.decision ? 0 : a.decision === 'deny' ? -1 : 1))
        .map(({ reason }) => reason),
    ),
    policyHash: policy.hash,
  };
  return { verdict, parts };
};

/** What an adapter has to look up before `judgeParts`. */
export type Lookups = {
  /** Absolute lexical paths whose real paths are wanted, with the folders that `..` leaves. */
  readonly paths: readonly string[];
  /** Absolute paths, `*` for what is a pattern, of which is asked whether git tracks nothing there, nor the task's base has it. */
  readonly deletes: readonly string[];
  /** Absolute paths of files that are started: is one the orchestrator's own program? */
  readonly programs: readonly string[];
  /** Keys of scripts whose text is wanted. */
  readonly scripts: readonly string[];
  readonly effects: readonly Effect[];
};

const isPlain = (path: string): boolean => path.startsWith('/') && !isUncertain(path);

/** @param scripts texts known so far: those of scripts that they call are asked for next. */
export const lookupsNeeded = (
  call: ToolCall,
  cwd: string,
  scripts: ReadonlyMap<string, string> = new Map(),
): Lookups => {
  const effects = effectsOf(call, cwd, scripts);
  const paths = effects.filter((effect) => effect.type === 'path');
  return {
    effects,
    paths: [...new Set(paths.flatMap(lookupsOf))],
    deletes: [...new Set(paths.flatMap((effect) => deletedPath(effect) ?? []))],
    programs: [...new Set(paths.flatMap(({ use, path }) => (use === 'run' && isPlain(path) ? [path] : [])))],
    scripts: [...new Set(effects.flatMap((effect) => (effect.type === 'script' ? [effect.key] : [])))],
  };
};
