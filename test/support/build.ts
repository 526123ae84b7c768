import { execFileSync } from 'node:child_process';

/** Tests that drive the built program; the others need no build. */
const DRIVES_THE_PROGRAM = /test\/(e2e|demo)/;

/** End-to-end tests drive the built program: it is built once before any of them. */
export default (): void => {
  const named = process.argv.filter((argument) => argument.startsWith('test/'));
  if (named.length > 0 && !named.some((name) => DRIVES_THE_PROGRAM.test(name))) return;
  execFileSync(process.execPath, ['scripts/build.ts'], { stdio: 'inherit' });
};
