import { execFileSync } from 'node:child_process';
import { chromiumPath, HOW_TO_GET_CHROMIUM } from './browser/chromium.ts';
import { gateProof } from './gateProof.ts';

/** Tests that drive the built program; the others need no build. */
const DRIVES_THE_PROGRAM = /test\/(e2e|demo|browser)/;
const DRIVES_A_BROWSER = /test\/browser|\.browser\.test/;

/** End-to-end tests drive the built program: it is built once before any of them. */
export default async (): Promise<void> => {
  const named = process.argv.filter((argument) => argument.startsWith('test/'));
  const wanted = (part: RegExp): boolean => named.length === 0 || named.some((name) => part.test(name));
  if (wanted(DRIVES_A_BROWSER) && chromiumPath() === undefined)
    process.stderr.write(`SKIPPED: tests in a browser, for there is none here. ${HOW_TO_GET_CHROMIUM}\n`);
  if (wanted(DRIVES_THE_PROGRAM)) {
    execFileSync(process.execPath, ['scripts/build.ts'], { stdio: 'inherit' });
    process.env.TEST_GATE_PROOF = JSON.stringify(await gateProof());
  }
};
