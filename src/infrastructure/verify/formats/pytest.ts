import { createFindings, type ReportFormat } from './format.ts';

/**
 * "FAILED tests/test_a.py::TestA::test_x[1] - AssertionError: …" of the short summary; "ERROR" where it broke
 * earlier. A parameter may itself hold " - ".
 */
const FAILED = /^(?:FAILED|ERROR) (\S+\.py(?:::[^\s[]+)*(?:\[.*?\])?)(?: - .*)?$/;
const SUMMARY =
  /^(?:=+ )?(?:\d+ (?:passed|failed|errors?|skipped|xfailed|warnings?|deselected)(?:, )?)+ in [\d.]+s/;

/** pytest, whose short summary is on by default. */
export const pytest: ReportFormat = {
  name: 'pytest',
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
