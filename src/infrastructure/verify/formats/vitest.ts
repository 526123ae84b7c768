import { createFindings, type ReportFormat } from './format.ts';

/** " FAIL  file > suite > test", and " FAIL  file [ file ]" where a file could not be loaded. */
const FAILED = /^ ?FAIL {2}(.+?)(?: \[ .+ \])?$/;
const SUMMARY = /^ +(Test Files|Tests) {2}\S/;

/** Vitest's default reporter. */
export const vitest: ReportFormat = {
  name: 'vitest',
  open: () => {
    const findings = createFindings();
    return {
      line: (text) => {
        if (SUMMARY.test(text)) findings.recognise();
        const name = FAILED.exec(text)?.[1];
        if (name !== undefined) findings.fail(name);
      },
      result: findings.result,
    };
  },
};
