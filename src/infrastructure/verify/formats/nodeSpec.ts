import { createFindings, type ReportFormat } from './format.ts';

const SUITE = /^( *)▶ (.+)$/;
const FAILED = /^( *)✖ (.+) \([\d.]+m?s\)( # (?:TODO|SKIP).*)?$/;
const DURATION = / \([\d.]+m?s\)$/;
const SUMMARY = /^ℹ (tests|pass|fail) \d+$/;
/** Precedes each test of the closing list of failures, which repeats them without their suites. */
const REPEATED = /^test at /;
const INDENT = 2;

/** The `spec` reporter of `node --test`: https://nodejs.org/api/test.html#test-reporters. */
export const nodeSpec: ReportFormat = {
  name: 'nodeSpec',
  open: () => {
    const findings = createFindings();
    let suites: string[] = [];
    let before = '';
    return {
      line: (text) => {
        const repeated = REPEATED.test(before);
        before = text;
        if (SUMMARY.test(text)) findings.recognise();
        const [, suiteIndent, suite] = SUITE.exec(text) ?? [];
        if (suiteIndent !== undefined && suite !== undefined && !DURATION.test(suite)) {
          suites = [...suites.slice(0, suiteIndent.length / INDENT), suite];
        }
        const [, indent, name, excused] = FAILED.exec(text) ?? [];
        if (indent === undefined || name === undefined || excused !== undefined || repeated) return;
        findings.fail([...suites.slice(0, indent.length / INDENT), name].join(' > '));
      },
      result: findings.result,
    };
  },
};
