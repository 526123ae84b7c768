import { expect, test } from 'vitest';
import type { CommandOutcome } from '../../../src/application/ports/commandRunner.ts';
import { Baseline } from '../../../src/application/verifying/baseline.ts';
import { settled } from '../memory.ts';

const outcome = (exitCode: number): CommandOutcome => ({
  exitCode,
  timedOut: false,
  output: '',
  seconds: 1,
  failingTests: undefined,
});

test('each command is run once on the base, however many ask, and one at a time', async () => {
  const running: { command: string; end: (outcome: CommandOutcome) => void }[] = [];
  const started: string[] = [];
  const baseline = new Baseline((command) => {
    started.push(command);
    return new Promise((resolve) => running.push({ command, end: resolve }));
  });
  baseline.start(['a', 'b', 'a']);
  const asked = [baseline.of('a'), baseline.of('b'), baseline.of('a'), baseline.of('c')];
  await settled();
  expect(started).toEqual(['a']);
  running[0]?.end(outcome(0));
  await settled();
  expect(started).toEqual(['a', 'b']);
  running[1]?.end(outcome(1));
  await settled();
  running[2]?.end(outcome(2));
  expect((await Promise.all(asked)).map((one) => one?.exitCode)).toEqual([0, 1, 0, 2]);
  expect(started).toEqual(['a', 'b', 'c']);
});

test('where the command could not be run the base is unknown, and the next command is run all the same', async () => {
  const baseline = new Baseline((command) => {
    if (command === 'thrown') throw new Error('no folder');
    return command === 'rejected' ? Promise.reject(new Error('no shell')) : Promise.resolve(outcome(0));
  });
  baseline.start(['thrown', 'rejected', 'good']);
  expect(await baseline.of('thrown')).toBeUndefined();
  expect(await baseline.of('rejected')).toBeUndefined();
  expect(await baseline.of('good')).toEqual(outcome(0));
});

test('what is known can be told without waiting, and it is nothing before the command has ended', async () => {
  const end = Promise.withResolvers<CommandOutcome>();
  const baseline = new Baseline(() => end.promise);
  baseline.start(['a']);
  await settled();
  expect(baseline.known('a')).toBeUndefined();
  end.resolve(outcome(3));
  await settled();
  expect(baseline.known('a')?.exitCode).toBe(3);
  expect(baseline.known('never asked')).toBeUndefined();
});
