import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { errorOfRecord, FileSystemError, type OrchestratorError } from '../../domain/errors/index.ts';
import { errorRecordSchema } from '../../domain/task.ts';

/** Time until a server that was started must be ready, milliseconds: two seconds on an idle machine is the bar. */
const START_MS = 20_000;

/** The log of a server without a terminal; the one before is kept beside it. */
const LOG_BYTES = 5_000_000;

export type LaunchOptions = {
  /** Of node, and the program's own script. */
  readonly command: readonly [string, ...string[]];
  readonly stateDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
};

/** What a server that was started says on its descriptor 3: one line, when it is ready or cannot be. */
export const launchReportSchema = z.union([
  z.object({ ready: z.literal(true) }),
  z.object({ ready: z.literal(false), error: errorRecordSchema }),
]);
export type LaunchReport = z.infer<typeof launchReportSchema>;

/** The descriptor of that line. */
export const REPORT_FD = 3;

/**
 * Starts a server that outlives this process, and waits until it is ready.
 * @throws what the server says is in its way (a ConflictError where another has the state directory).
 */
export const launchServer = async (options: LaunchOptions): Promise<void> => {
  const log = openLog(options.stateDir);
  const [program, ...args] = options.command;
  const child = spawn(program, args, {
    detached: true,
    env: options.env,
    stdio: ['ignore', log, log, 'pipe'],
  });
  closeSync(log);
  const report = child.stdio[REPORT_FD];
  try {
    const said = await Promise.race([
      firstLine(report),
      new Promise<never>((_, reject) => child.once('error', reject)),
      aborted(AbortSignal.any([options.signal, AbortSignal.timeout(START_MS)])),
    ]);
    const parsed = launchReportSchema.safeParse(parsedJson(said));
    if (!parsed.success) throw silent(options.stateDir);
    if (!parsed.data.ready) throw errorOfRecord(parsed.data.error);
  } catch (thrown) {
    options.signal.throwIfAborted();
    throw thrown instanceof DOMException || isErrno(thrown) ? silent(options.stateDir) : thrown;
  } finally {
    // It must not keep this process, nor this process it.
    report?.destroy();
    child.unref();
  }
};

const isErrno = (thrown: unknown): boolean => z.object({ syscall: z.string() }).safeParse(thrown).success;

const parsedJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const firstLine = async (stream: unknown): Promise<string> => {
  if (!(stream instanceof Readable)) return '';
  let text = '';
  for await (const chunk of stream) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  return text;
};

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

const silent = (stateDir: string): OrchestratorError =>
  new FileSystemError('The server was started and did not become ready.', {
    hint: `Look at ${path.join(stateDir, 'server.log')}, or run \`claude-orchestrator serve\` in a terminal to see why.`,
    retryable: true,
  });

const openLog = (stateDir: string): number => {
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const file = path.join(stateDir, 'server.log');
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LOG_BYTES) renameSync(file, `${file}.1`);
  return openSync(file, 'a', 0o600);
};
