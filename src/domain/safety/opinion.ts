import { z } from 'zod';
import type { PolicyRules } from './policy/policy.ts';
import { messageFor, shown } from './refusal.ts';
import { type Decision, type Reason, RISKS, type Risk, strictest, type Verdict } from './verdict.ts';

/** What a model thinks of a call: how dangerous it is, and why in a sentence. */
export const opinionSchema = z.object({
  risk: z.enum(RISKS).describe('SAFE, LOW, MEDIUM, HIGH or CRITICAL'),
  reason: z
    .string()
    .describe('One short sentence: what the call would do that is dangerous, or why it is not'),
});
export type Opinion = z.infer<typeof opinionSchema>;

const rank = (risk: Risk): number => RISKS.indexOf(risk);

const capped = (risk: Risk): Risk => (rank(risk) > rank('HIGH') ? 'HIGH' : risk);

/**
 * A verdict after a second opinion: the same or stricter, never looser. What is denied already, and what the
 * opinion finds no worse than the judge did, stays the very same verdict. A raise to HIGH asks a person, or is
 * denied where the policy denies whatever is HIGH.
 *
 * CRITICAL counts as HIGH: a model can be wrong, and can be talked into a word by the very call that it reads. Its
 * word may cost a person a look, and must not deny for good what a person could have granted.
 *
 * @param tool name of the call's tool, for the message to the worker.
 */
export const raised = (
  verdict: Verdict,
  opinion: Opinion,
  policy: Pick<PolicyRules, 'levels'>,
  tool: string,
): Verdict => {
  const risk = capped(opinion.risk);
  if (verdict.decision === 'deny' || rank(risk) <= rank(verdict.risk)) return verdict;
  const added: Reason = {
    code: 'second-opinion',
    risk,
    // The worst part that the judge found is first, and the likeliest that the opinion is about.
    span: verdict.reasons[0]?.span ?? '',
    text: `a second opinion says: ${shown(opinion.reason.trim())}`,
  };
  const least: Decision = risk === 'HIGH' ? 'ask' : 'allow';
  const decision = strictest(strictest(verdict.decision, least), policy.levels[risk]);
  return {
    ...verdict,
    risk,
    decision,
    reasons: [added, ...verdict.reasons],
    message: decision === 'allow' || verdict.message !== '' ? verdict.message : messageFor(tool, [added]),
  };
};
