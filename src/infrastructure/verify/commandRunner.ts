import { realpath } from 'node:fs/promises';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { CommandOutcome, CommandRunner } from '../../application/ports/commandRunner.ts';
import type { Ids } from '../../application/ports/system.ts';
import { WorkerSpawnError } from '../../domain/errors/index.ts';
import { createBoundedLog } from '../process/boundedLog.ts';
import { findProgram } from '../process/findProgram.ts';
import { type ProcessTree, spawnTree, type TreeExit } from '../process/tree.ts';
import { listReports, readNewReports } from './reportFiles.ts';
import { createTestReports } from './testReports.ts';

/** Bytes of output kept: half from the start, half from the end. */
const OUTPUT_BYTES = 256 * 1024;
/** From SIGTERM to SIGKILL, milliseconds. */
const GRACE_MS = 5000;
/** How long what was printed may take to arrive after everyone who prints is gone. */
const DRAIN_MS = 2000;
/** Shells tell a signal as this and its number. */
const SIGNALLED = 128;

const SHELL = '/bin/sh';
/** Both streams through one pipe: with two, what was said first could not be told. */
const JOINED = 'exec "$0" -c "$1" 2>&1';

export type CommandRunnerOptions = {
  /** The whole environment of commands, before what each run adds. */
  readonly baseEnv: Readonly<Record<string, string>>;
  readonly ids: Pick<Ids, 'runToken'>;
  /** Finds names of failing tests in a line, for runners that are not known; see `formats/pattern.ts`. */
  readonly testNamePattern?: RegExp | undefined;
};

type Run = Parameters<CommandRunner['run']>[0];

/**
 * Runs commands by bash, or sh where there is none, each as a tree that is gone when `run` settles: background
 * processes too. A command that is not found is an outcome (127). The exit code is null only where the
 * deadline ended it; one that a signal ended tells 128 and the signal's number.
 */
export const createCommandRunner = ({
  baseEnv,
  ids,
  testNamePattern,
}: CommandRunnerOptions): CommandRunner => ({
  run: async ({ command, cwd, env, timeoutMs, signal }) => {
    signal.throwIfAborted();
    const [root, reportsBefore] = await Promise.all([realpath(cwd).catch(() => cwd), listReports(cwd)]);
    signal.throwIfAborted();
    const output = createBoundedLog(OUTPUT_BYTES);
    const reports = createTestReports({ roots: [root, cwd], pattern: testNamePattern });
    const environment = { ...baseEnv, ...env };
    const shell = findProgram('bash', environment.PATH, cwd) ?? SHELL;
    const startedAt = performance.now();
    const tree = spawnTree({
      command: SHELL,
      args: ['-c', JOINED, shell, command],
      cwd,
      env: environment,
      runToken: ids.runToken(),
      stdin: 'ignore',
    });
    const failure = spawnFailure(tree);
    tree.child.stdout?.on('data', (chunk: Buffer) => {
      output.write(chunk);
      reports.write(chunk);
    });
    const exit = await exitOrStop(tree, timeoutMs, signal);
    const seconds = (performance.now() - startedAt) / 1000;
    await tree.end({ graceMs: GRACE_MS });
    await drain(tree.child.stdout);
    signal.throwIfAborted();
    if (tree.pid === 0) throw couldNotStart(cwd, await failure);
    const exitCode = exit === undefined ? null : exitCodeOf(exit);
    const complete = exitCode !== null && exitCode < SIGNALLED;
    const files = complete ? await readNewReports(cwd, reportsBefore) : [];
    return {
      exitCode,
      timedOut: exit === undefined,
      output: output.text(),
      seconds,
      // A run that was cut short has not told everything: its few failures must not excuse the rest.
      failingTests: complete ? reports.failingTests(files, exitCode === 0) : undefined,
    } satisfies CommandOutcome;
  },
});

/** @returns undefined where the deadline or the caller was first. */
const exitOrStop = async (
  tree: ProcessTree,
  timeoutMs: number,
  signal: Run['signal'],
): Promise<TreeExit | undefined> => {
  const settled = new AbortController();
  const late = delay(timeoutMs, undefined, { signal: AbortSignal.any([settled.signal, signal]) });
  try {
    return await Promise.race([tree.exited, late.catch(() => undefined)]);
  } finally {
    settled.abort();
  }
};

const exitCodeOf = ({ exitCode, signal }: TreeExit): number | null =>
  exitCode ?? (signal === null ? null : SIGNALLED + constants.signals[signal]);

/** Nobody is left to write, except who escaped a machine without namespaces: not waited for. */
const drain = async (stream: Readable | null): Promise<void> => {
  if (stream === null || stream.closed) return;
  const settled = new AbortController();
  const late = delay(DRAIN_MS, undefined, { signal: settled.signal }).catch(() => undefined);
  await Promise.race([finished(stream).catch(() => undefined), late]);
  settled.abort();
  stream.destroy();
};

const spawnFailure = (tree: ProcessTree): Promise<unknown> =>
  new Promise((resolve) => {
    tree.child.once('error', resolve);
  });

const couldNotStart = (cwd: string, cause: unknown): WorkerSpawnError =>
  new WorkerSpawnError('The shell for a command could not be started.', {
    hint: 'Check that the folder of the task is still there, and memory and process limits (claude-orchestrator doctor).',
    retryable: true,
    context: { cwd },
    cause,
  });
