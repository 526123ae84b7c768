import { createFindings, type ReportFormat } from './format.ts';

const FAILED = /^test (.+) \.\.\. FAILED$/;
const SUMMARY = /^test result: (ok|FAILED)\. /;
/** "     Running unittests src/lib.rs (target/debug/deps/name-0123456789abcdef)": the hash is of the place built in. */
const BINARY = /^\s+Running .*\((?:.*[/\\])?([^/\\]+?)-[0-9a-f]+(?:\.exe)?\)$/;
/** "src/lib.rs - item (line 7)": a line moves with every change above it. */
const LINE = / \(line \d+\)/;
const DOC_TESTS = /^\s+Doc-tests (\S+)$/;

/** `cargo test`. Names are "binary > module::test". */
export const cargo: ReportFormat = {
  name: 'cargo',
  open: () => {
    const findings = createFindings();
    let binary: string | undefined;
    return {
      line: (text) => {
        if (SUMMARY.test(text)) findings.recognise();
        binary = BINARY.exec(text)?.[1] ?? DOC_TESTS.exec(text)?.[1] ?? binary;
        const name = FAILED.exec(text)?.[1]?.replace(LINE, '');
        if (name !== undefined) findings.fail(binary === undefined ? name : `${binary} > ${name}`);
      },
      result: findings.result,
    };
  },
};
