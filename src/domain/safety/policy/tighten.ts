import { type Decision, RISKS, strictest } from '../verdict.ts';
import { hostLayer, type PolicyRules } from './policy.ts';
import type { PolicyFile, PolicyRule } from './schema.ts';

export type Tightened = {
  readonly policy: PolicyRules;
  /** A sentence for each thing that would have loosened, and was ignored. */
  readonly warnings: readonly string[];
};

/**
 * A repository's own policy laid over the machine's. It can only tighten: whoever writes to a repository must not
 * allow its workers more. What would loosen is left out and told.
 */
export const tighten = (machine: PolicyRules, repository: PolicyFile): Tightened => {
  const warnings: string[] = [];
  const ignored = (what: string): void => {
    warnings.push(`${what} would loosen the policy of this machine and is ignored.`);
  };
  const level = (risk: (typeof RISKS)[number]): Decision => {
    const wanted = risk === 'CRITICAL' ? undefined : repository.levels?.[risk];
    if (wanted === undefined) return machine.levels[risk];
    const strict = strictest(machine.levels[risk], wanted);
    if (strict !== wanted) ignored(`levels.${risk}: ${wanted}`);
    return strict;
  };
  const rules = (repository.rules ?? []).flatMap((rule): readonly PolicyRule[] => {
    if (rule.decision !== 'allow') return [{ ...rule, id: `repository.${rule.id}` }];
    ignored(`rule ${rule.id}: decision allow`);
    return [];
  });
  const opened = (repository.dual_control ?? []).filter((code) => !machine.dualControl.includes(code));
  for (const code of opened) ignored(`dual_control: ${code}`);
  for (const tool of repository.mcp?.read_only ?? []) ignored(`mcp.read_only: ${tool}`);
  for (const root of repository.read_roots ?? []) ignored(`read_roots: ${root}`);
  const [safe, low, medium, high, critical] = RISKS;
  return {
    policy: {
      ...machine,
      levels: {
        SAFE: level(safe),
        LOW: level(low),
        MEDIUM: level(medium),
        HIGH: level(high),
        CRITICAL: level(critical),
      },
      rules: [...machine.rules, ...rules],
      dualControl:
        repository.dual_control === undefined
          ? machine.dualControl
          : machine.dualControl.filter((code) => repository.dual_control?.some((one) => one === code)),
      hosts: repository.hosts === undefined ? machine.hosts : [...machine.hosts, hostLayer(repository.hosts)],
      mcp: {
        ...machine.mcp,
        destructive: [...machine.mcp.destructive, ...(repository.mcp?.destructive ?? [])],
      },
    },
    warnings,
  };
};

/** Where a repository's policy is there and cannot be understood: it meant to tighten, so every command is asked. */
export const withoutRepository = (machine: PolicyRules): PolicyRules => ({
  ...machine,
  levels: { ...machine.levels, MEDIUM: strictest(machine.levels.MEDIUM, 'ask') },
});
