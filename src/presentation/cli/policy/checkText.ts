import { DEFAULT_POLICY } from '../../../domain/safety/policy/policy.ts';
import { RISKS, strictest } from '../../../domain/safety/verdict.ts';
import { inColumns, type Painter, printable } from '../terminal.ts';
import type { CheckedPolicy } from './safetyDeps.ts';

/** What the policy gives away, for whoever may not have meant it. */
export const looseness = ({ policy }: CheckedPolicy): readonly string[] => [
  ...RISKS.filter(
    (risk) => strictest(policy.levels[risk], DEFAULT_POLICY.levels[risk]) !== policy.levels[risk],
  ).map((risk) => `levels.${risk}: ${policy.levels[risk]} lets what is ${risk} run and nobody is asked.`),
  ...RISKS.slice(1).flatMap((risk, at) => {
    const lower = RISKS[at] ?? 'SAFE';
    return strictest(policy.levels[risk], policy.levels[lower]) === policy.levels[risk]
      ? []
      : [`levels: ${lower} is handled more strictly than ${risk}.`];
  }),
  ...policy.dualControl.map(
    (code) => `dual_control: two approvers together can let through what is ${code}.`,
  ),
];

export const checkText = (checked: CheckedPolicy, paint: Painter): string => {
  const { policy, source, kind, warnings } = checked;
  return [
    `${paint('green', 'good')}  ${printable(source)}, ${kind === 'machine' ? 'for this machine' : "a repository's own"}, sha256 ${policy.hash}`,
    '',
    ...inColumns([
      ...RISKS.map((risk) => [risk, policy.levels[risk]]),
      ['rules', String(policy.rules.length)],
      ['dual control', policy.dualControl.join(', ') || 'none'],
    ]),
    ...[...warnings, ...looseness(checked)].map(
      (text) => `${paint('yellow', 'warning:')} ${printable(text)}`,
    ),
    '',
  ].join('\n');
};

export const checkToWire = (checked: CheckedPolicy) => ({
  source: checked.source,
  kind: checked.kind,
  hash: checked.policy.hash,
  levels: checked.policy.levels,
  rules: checked.policy.rules,
  dual_control: checked.policy.dualControl,
  warnings: [...checked.warnings, ...looseness(checked)],
});
