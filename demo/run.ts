#!/usr/bin/env node
/**
 * The main job, shown: a small repository with failing tests is mended by several claude workers at once.
 *
 *   npm run demo                 with the bundled scripted model: no login, no network
 *   npm run demo -- --live       with your own Claude login
 *   npm run demo -- --dashboard  shows it on the dashboard too, which stays until Ctrl-C
 *   npm run demo -- --yes        approves by itself what would be asked
 *   npm run demo -- --keep       leaves the folder with repository, worktrees and logs
 *
 * Exit code 0 only where everything that it promises came true.
 */
import { once } from 'node:events';
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { thisTerminal } from '../src/compose/thisTerminal.ts';
import { AuthenticationError } from '../src/domain/errors/index.ts';
import { placesIn } from './environment.ts';
import { explain } from './failure.ts';
import type { Check } from './outcome.ts';
import type { Asking } from './person.ts';
import { show } from './show.ts';
import { paint, plain } from './ui/frame.ts';
import { createUi, type Ui } from './ui.ts';

const PROGRAM = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const INTERRUPTED = 130;
const LOG_LINES = 15;

const report = (checks: readonly Check[], ui: Ui): number => {
  ui.line('');
  for (const { promise, kept, detail } of checks) {
    const sign = kept ? paint('green', '✔', ui.color) : paint('red', '✘', ui.color);
    ui.line(`${sign} ${promise} (${plain(detail)})`);
  }
  const broken = checks.filter(({ kept }) => !kept).length;
  ui.line(broken === 0 ? '\nAll of it came true.' : `\n${broken} of ${checks.length} did not come true.`);
  return broken === 0 ? 0 : 1;
};

/** Opens the page where somebody sits; elsewhere the link is all there is. */
const offer = async (link: string, ui: Ui): Promise<void> => {
  ui.line(`Dashboard: ${link}\n(signs one browser in, once, within a minute)\n`);
  if (process.stdout.isTTY) await thisTerminal.open?.(link);
};

/** Leaves the page time to be looked at. Where no terminal is there nobody could end it. */
const stay = async (ui: Ui, signal: AbortSignal): Promise<void> => {
  if (!process.stdout.isTTY || signal.aborted) return;
  ui.line('\nThe dashboard stays until you press Ctrl-C; `npm run demo -- --keep` keeps the repository.');
  // A listener alone keeps no process alive.
  const awake = setInterval(() => {}, 60_000);
  await once(signal, 'abort');
  clearInterval(awake);
};

/** Without a terminal nobody can be asked, and nobody's yes may be made up. */
const asking = (yes: boolean): Asking => {
  if (yes) return { how: 'approve' };
  if (!process.stdin.isTTY || !process.stdout.isTTY) return { how: 'deny' };
  return {
    how: 'ask',
    question: async (text, signal) => {
      // As a plain line: Ctrl-C stays the signal that ends the demo.
      const lines = createInterface({ input: process.stdin, output: process.stdout, terminal: false });
      const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
      try {
        return await Promise.race([lines.question(text, { signal }), ended]);
      } finally {
        lines.close();
      }
    },
  };
};

const tail = async (file: string): Promise<string> =>
  (await readFile(file, 'utf8').catch(() => '')).trimEnd().split('\n').slice(-LOG_LINES).join('\n');

const readOptions = () => {
  try {
    return parseArgs({
      options: {
        live: { type: 'boolean', default: false },
        keep: { type: 'boolean', default: false },
        dashboard: { type: 'boolean', default: false },
        yes: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    process.stderr.write(
      `${explain(error)}\nUsage: npm run demo -- [--live] [--dashboard] [--yes] [--keep]\n`,
    );
    return undefined;
  }
};

const main = async (): Promise<number> => {
  const values = readOptions();
  if (values === undefined) return 1;
  const ui = createUi(process.stdout, () => performance.now());
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  // Whatever ends this process, the user's cursor comes back.
  process.once('exit', () => ui.end());
  const places = placesIn(await realpath(await mkdtemp(join(tmpdir(), 'orchestrator-demo-'))));
  let code = 1;
  try {
    await show(places, {
      program: PROGRAM,
      live: values.live,
      asking: asking(values.yes),
      ui,
      signal: stop.signal,
      onLink: values.dashboard ? (link) => offer(link, ui) : undefined,
      onChecks: async (checks) => {
        code = report(checks, ui);
        if (values.dashboard) await stay(ui, stop.signal);
      },
    });
    return code;
  } catch (error) {
    ui.end();
    if (stop.signal.aborted) {
      ui.line('\nStopped. The server and its workers were ended.');
      return INTERRUPTED;
    }
    ui.line(`\n${paint('red', '✘', ui.color)} ${explain(error)}`);
    // A missing login is no fault of the server: its log would only hide the message.
    const log = error instanceof AuthenticationError ? '' : await tail(places.log);
    if (log !== '') ui.line(`\nLast lines of the server's log:\n${log}`);
    return 1;
  } finally {
    if (values.keep) ui.line(`\nKept: ${places.root}`);
    else {
      ui.line('\nThe repository is removed again; `npm run demo -- --keep` keeps it.');
      await rm(places.root, { recursive: true, force: true });
    }
  }
};

process.exitCode = await main();
