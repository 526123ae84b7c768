import { createFindings, type ReportFormat } from './format.ts';

const FILE = /^(?:FAIL|PASS) (\S.*?)(?: \([\d.]+ m?s\))?$/;
/** "● suite › test", or "● Test suite failed to run" below the file's name; printed again in a summary. */
const FAILED = /^ {2}● (.+)$/;
const NOT_A_TEST = /^(Console|Deprecation Warning|Validation Warning)\b/;
const SUMMARY = /^(Test Suites|Tests): +\d+ /;

/** Jest's default and verbose reporters. Names are "file > suite › test". */
export const jest: ReportFormat = {
  name: 'jest',
  open: () => {
    const findings = createFindings();
    let file: string | undefined;
    return {
      line: (text) => {
        if (SUMMARY.test(text)) findings.recognise();
        file = FILE.exec(text)?.[1] ?? file;
        const name = FAILED.exec(text)?.[1];
        if (name === undefined || file === undefined || NOT_A_TEST.test(name)) return;
        findings.fail(`${file} > ${name}`);
      },
      result: findings.result,
    };
  },
};
