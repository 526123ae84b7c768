import { execFileSync } from 'node:child_process';

/** End-to-end tests drive the built program: it is built once before any of them. */
export default (): void => {
  execFileSync(process.execPath, ['scripts/build.ts'], { stdio: 'inherit' });
};
