import { Parser } from 'tap-parser';
import { createFindings, type ReportFormat } from './format.ts';

/** A line that only TAP begins with; a runner's own chatter may come before it. */
const BEGIN = /^(TAP version 1[34]|(not )?ok [0-9]+\b|1\.\.[0-9]+)/;
const VERSION = /^TAP version /;

/** Test Anything Protocol 13 and 14, subtests included: testanything.org. Names are paths: "suite > test". */
export const tap: ReportFormat = {
  name: 'tap',
  open: () => {
    const findings = createFindings();
    let parser: Parser | undefined;
    const listen = (to: Parser, path: readonly string[]): void => {
      to.on('assert', ({ ok, name, todo, skip }) => {
        findings.recognise();
        if (!ok && todo === false && skip === false) findings.fail([...path, name].join(' > '));
      });
      to.on('child', (child: Parser) => listen(child, [...path, child.name]));
    };
    const start = (): Parser => {
      parser?.end();
      // Passed tests are not kept: only their number could grow.
      const next = new Parser({ passes: false });
      listen(next, []);
      return next;
    };
    return {
      line: (text) => {
        // Workspaces print several reports one after the other.
        if (VERSION.test(text) || (parser === undefined && BEGIN.test(text))) parser = start();
        parser?.write(`${text}\n`);
      },
      result: () => {
        parser?.end();
        parser = undefined;
        return findings.result();
      },
    };
  },
};
