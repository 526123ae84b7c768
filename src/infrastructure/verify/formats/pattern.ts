import { createFindings, type ReportFormat } from './format.ts';

/**
 * What the operator configured for a runner that we do not know: a line that matches names a failing test, by
 * the group `name`, else the first group, else the whole match.
 */
export const byPattern = (pattern: RegExp): ReportFormat => {
  // With g or y a pattern remembers where it stopped in the line before.
  const each = new RegExp(pattern.source, pattern.flags.replaceAll(/[gy]/g, ''));
  return {
    name: 'pattern',
    open: () => {
      const findings = createFindings();
      return {
        line: (text) => {
          const match = each.exec(text);
          const name = match?.groups?.name ?? match?.[1] ?? match?.[0];
          if (name !== undefined && name !== '') findings.fail(name);
        },
        result: findings.result,
      };
    },
  };
};
