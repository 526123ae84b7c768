import { createFindings, type ReportFormat } from './format.ts';

const FAILED = /^\s*--- FAIL: (\S+) \([\d.]+s\)$/;
const PASSED = /^ok\s+(\S+)\s/;
/** "FAIL<tab>example.com/pkg<tab>0.1s" follows the tests of its package; "[build failed]" where none ran. */
const PACKAGE = /^FAIL\t(\S+)(?:\t[\d.]+s| \[(.+)\])$/;

/** `go test`. Names are "package.Test/sub". */
export const goTest: ReportFormat = {
  name: 'goTest',
  open: () => {
    const findings = createFindings();
    let pending: string[] = [];
    const settle = (prefix: string): void => {
      for (const name of pending) findings.fail(`${prefix}${name}`);
      pending = [];
    };
    return {
      line: (text) => {
        if (PASSED.test(text)) findings.recognise();
        const name = FAILED.exec(text)?.[1];
        if (name !== undefined) pending.push(name);
        const [, folder, reason] = PACKAGE.exec(text) ?? [];
        if (folder === undefined) return;
        if (pending.length === 0) findings.fail(reason === undefined ? folder : `${folder} [${reason}]`);
        settle(`${folder}.`);
      },
      result: () => {
        settle('');
        return findings.result();
      },
    };
  },
};
