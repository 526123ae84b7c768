import { spawn } from 'node:child_process';
import { writeSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { OrchestratorError } from '../../../src/domain/errors/index.ts';
import { claimStateDir } from '../../../src/infrastructure/store/ownership.ts';

/**
 * A process that claims a state directory and prints `owner` or `CODE message`. An owner then starts a child
 * that outlives it, prints `child PID`, forgets its claim, and stays until it is killed or its stdin ends.
 */
const [dir = ''] = process.argv.slice(2);
const say = (line: string): void => {
  writeSync(1, `${line}\n`);
};
// In a function of its own: a module's frame would keep the claim alive by its last awaited value.
const claimAndForget = async (): Promise<void> => {
  await claimStateDir(dir);
};

try {
  await claimAndForget();
  say('owner');
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
    detached: true,
    stdio: 'ignore',
  });
  child.unref();
  say(`child ${child.pid}`);
  process.stdin.on('data', async () => {
    // Handles are freed some turns after the collection that found them.
    for (let round = 0; round < 5; round++) {
      globalThis.gc?.();
      await turn();
    }
    say('still here');
  });
  process.stdin.on('end', () => process.exit(0));
} catch (thrown) {
  say(thrown instanceof OrchestratorError ? `${thrown.code} ${thrown.message}` : String(thrown));
}
