import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Opinion, raised } from '../../../src/domain/safety/opinion.ts';
import { DEFAULT_POLICY, type PolicyRules } from '../../../src/domain/safety/policy/policy.ts';
import {
  DECISIONS,
  type Decision,
  type Reason,
  RISKS,
  type Risk,
  type Verdict,
} from '../../../src/domain/safety/verdict.ts';

const reason = (risk: Risk): Reason => ({ code: 'command', risk, span: 'node x.js', text: 'it runs' });

const verdictOf = (risk: Risk, decision: Decision): Verdict => ({
  risk,
  decision,
  approversNeeded: 1,
  reasons: [reason(risk)],
  message: decision === 'allow' ? '' : 'Do this instead.',
  policyHash: 'p',
});

const medium = verdictOf('MEDIUM', 'allow');
const says = (risk: Risk, text = 'It empties a bucket.'): Opinion => ({ risk, reason: text });

const risks = fc.constantFrom(...RISKS);
const decisions = fc.constantFrom(...DECISIONS);
const policies = fc.record<Pick<PolicyRules, 'levels'>>({
  levels: fc.record({
    SAFE: decisions,
    LOW: decisions,
    MEDIUM: decisions,
    HIGH: decisions,
    CRITICAL: fc.constant('deny'),
  }),
});
const verdicts = fc
  .record({ risk: risks, decision: decisions, two: fc.boolean() })
  .map(
    ({ risk, decision, two }): Verdict => ({ ...verdictOf(risk, decision), approversNeeded: two ? 2 : 1 }),
  );

test('no opinion whatever lowers a risk, loosens a decision, needs fewer approvers or takes a reason away', () => {
  fc.assert(
    fc.property(verdicts, risks, fc.string(), policies, (verdict, risk, text, policy) => {
      const after = raised(verdict, says(risk, text), policy, 'Bash');
      expect(RISKS.indexOf(after.risk)).toBeGreaterThanOrEqual(RISKS.indexOf(verdict.risk));
      expect(DECISIONS.indexOf(after.decision)).toBeGreaterThanOrEqual(DECISIONS.indexOf(verdict.decision));
      expect(after.approversNeeded).toBe(verdict.approversNeeded);
      expect(after.reasons).toEqual(expect.arrayContaining([...verdict.reasons]));
      expect(after.policyHash).toBe(verdict.policyHash);
      if (after.decision !== 'allow') expect(after.message).not.toBe('');
      if (verdict.decision === 'deny') expect(after).toBe(verdict);
    }),
    { numRuns: 2000 },
  );
});

test('no opinion makes anything CRITICAL, nor denies what the policy would let a person grant', () => {
  fc.assert(
    fc.property(verdicts, risks, policies, (verdict, risk, policy) => {
      const after = raised(verdict, says(risk), policy, 'Bash');
      if (verdict.risk !== 'CRITICAL') expect(after.risk).not.toBe('CRITICAL');
      if (after.decision === 'deny' && verdict.decision !== 'deny')
        expect(policy.levels[after.risk]).toBe('deny');
    }),
    { numRuns: 2000 },
  );
});

test('a raise to HIGH asks a person, shows the part that the judge found worst, and says why', () => {
  for (const risk of ['HIGH', 'CRITICAL'] as const) {
    const after = raised(medium, says(risk), DEFAULT_POLICY, 'Bash');
    expect([after.risk, after.decision]).toEqual(['HIGH', 'ask']);
    expect(after.reasons).toEqual([
      {
        code: 'second-opinion',
        risk: 'HIGH',
        span: 'node x.js',
        text: 'a second opinion says: It empties a bucket.',
      },
      reason('MEDIUM'),
    ]);
    expect(after.message).toContain('Bash `node x.js` is refused because a second opinion says');
  }
});

test('where the policy denies what is HIGH, so it does what was raised to HIGH; where it allows, it is asked', () => {
  const policyOf = (HIGH: Decision): PolicyRules => ({
    ...DEFAULT_POLICY,
    levels: { ...DEFAULT_POLICY.levels, HIGH },
  });
  expect(raised(medium, says('HIGH'), policyOf('deny'), 'Bash').decision).toBe('deny');
  expect(raised(medium, says('HIGH'), policyOf('allow'), 'Bash').decision).toBe('ask');
});

test('the words of a model are shown as plain short text', () => {
  const text = raised(medium, says('HIGH', `\u001b[2J\u202e${'x'.repeat(5000)}`), DEFAULT_POLICY, 'Bash')
    .reasons[0]?.text;
  expect(text).toContain('\\u001b[2J\\u202exx');
  expect(text?.length).toBeLessThan(250);
});
