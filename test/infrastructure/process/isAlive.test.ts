import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';
import { isAlive } from '../../../src/infrastructure/process/isAlive.ts';
import { eventually } from '../../support/processes.ts';

/** A process, and a child of it that it never waits for and that ends when it is told to. */
const parentAndChild = async () => {
  const parent = spawn('sh', ['-c', 'sh -c "read word" <&3 & echo $!; exec sleep 600'], {
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  });
  onTestFinished(() => void parent.kill('SIGKILL'));
  const { stdout, stdio } = parent;
  const told = stdio[3];
  if (parent.pid === undefined || stdout === null || told == null || !('end' in told))
    throw new Error('the parent did not start');
  const said = await createInterface({ input: stdout })[Symbol.asyncIterator]().next();
  return { parent: parent.pid, child: Number(said.value), endChild: () => void told.end() };
};

it('lives while it runs; what has ended does not live, though nobody has waited for it', async (test) => {
  test.skip(!existsSync('/proc/self/stat'), 'only /proc tells one that ended from one that lives');
  const { parent, child, endChild } = await parentAndChild();
  expect([isAlive(parent), isAlive(child)]).toEqual([true, true]);
  endChild();
  await eventually('the end of the child', () => !isAlive(child));
  // Its number is still taken: it is the look at its state that tells.
  expect(() => process.kill(child, 0)).not.toThrow();
  expect(isAlive(parent)).toBe(true);
});

it('a number that no process has does not live', () => {
  expect(isAlive(2 ** 22 + 1)).toBe(false);
});
