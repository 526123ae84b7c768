import { execa } from 'execa';
import type { Notice, Notifier } from '../../application/approving/notices.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { Clock } from '../../application/ports/system.ts';
import { failureLog } from './failureLog.ts';
import { messageOf, sentenceOf } from './message.ts';

const PATIENCE_MS = 10_000;
/** Notices that one start carries; of more only the number is told. */
const MOST = 100;

/** What a program needs to reach the person's desktop. Nothing else of our environment is its business. */
const CARRIED = [
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'LC_ALL',
  'TMPDIR',
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'XAUTHORITY',
  'XDG_RUNTIME_DIR',
  'DBUS_SESSION_BUS_ADDRESS',
  'SystemRoot',
  'APPDATA',
  'LOCALAPPDATA',
  'USERPROFILE',
];

export type CommandNotifierDeps = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logger: Pick<Logger, 'warning'>;
  readonly clock: Pick<Clock, 'now'>;
  /** Ends what is under way; nothing is started after it. */
  readonly signal: AbortSignal;
  /** Milliseconds that one run may take. */
  readonly patienceMs?: number;
};

/**
 * Starts a program with one argument, a sentence; `{notices: […], omitted}` comes as JSON on its standard input.
 * Never a shell. One runs at a time: what happens meanwhile is told together by the next.
 * @param program absolute path.
 */
export const commandNotifier = (program: string, deps: CommandNotifierDeps): Notifier => {
  const { env, logger, clock, signal, patienceMs = PATIENCE_MS } = deps;
  const failed = failureLog(logger, clock, 'the notify command failed');
  const own = Object.fromEntries(
    CARRIED.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const])),
  );
  let waiting: Notice[] = [];
  let running = false;

  const start = async (notices: readonly Notice[]): Promise<void> => {
    const ended = await execa(program, [sentenceOf(notices)], {
      env: own,
      extendEnv: false,
      cwd: '/',
      input: JSON.stringify({
        notices: notices.slice(0, MOST).map(messageOf),
        omitted: Math.max(0, notices.length - MOST),
      }),
      stdout: 'ignore',
      stderr: 'ignore',
      reject: false,
      timeout: patienceMs,
      cancelSignal: signal,
      killSignal: 'SIGKILL',
    });
    if (signal.aborted) return;
    if (ended.timedOut) failed(`it took longer than ${patienceMs / 1000} s and was ended`);
    // A program that does not read what it is given is no failure, as long as it says that all is well.
    else if (ended.exitCode !== 0)
      failed(ended.exitCode === undefined ? 'it could not be run' : `it ended with ${ended.exitCode}`);
  };
  const work = async (): Promise<void> => {
    running = true;
    while (waiting.length > 0 && !signal.aborted) {
      const notices = waiting;
      waiting = [];
      await start(notices).catch(() => failed('it could not be run'));
    }
    running = false;
  };
  return {
    notify: (notice) => {
      waiting.push(notice);
      if (!running) void work();
    },
  };
};
