import { setMaxListeners } from 'node:events';
import { access, mkdir } from 'node:fs/promises';
import type { JobAnswer } from './answers.ts';
import { openSession } from './client.ts';
import { startSharedServer } from './dashboard.ts';
import { type Places, serverEnvironment } from './environment.ts';
import { git, makeRepository, runTests } from './example/repository.ts';
import { LEGACY, makePause, makeTasks, REQUEST, RULES, VERIFY_ALL } from './example/tasks.ts';
import { DemoFailure, noLogin } from './failure.ts';
import { follow } from './follow.ts';
import { type Check, judge, receiptLines, testBranch } from './outcome.ts';
import { type Asking, createPerson, setPassphrase } from './person.ts';
import { longTail, seededRandom, startScriptedApi } from './scripted-api.ts';
import type { Ui } from './ui.ts';

const WORKERS = 3;

const lacksLogin = (answer: JobAnswer): boolean =>
  [answer.error, ...answer.tasks.map((task) => task.error)].some(
    (error) => error?.code === 'API_AUTHENTICATION',
  );

const say = (ui: Ui, scripted: boolean): void => {
  ui.line(
    scripted
      ? 'The model is SCRIPTED: its answers are written in this folder and served from 127.0.0.1. The claude processes,\nthe git repository, the worktrees, the merges and the tests are real. `npm run demo -- --live` uses your own login.'
      : 'Live: real claude processes with your own login. This spends tokens.',
  );
  ui.line('');
};

/**
 * Runs the whole story once.
 * @param places a folder that nobody else uses; it is not removed here
 * @param options.program the built server, `dist/main.js`
 * @param options.asking how a call is decided that waits for a person
 * @param options.onLink a page shows the same, live: gets the link that opens it
 * @param options.onChecks hears what was promised and whether it came true; all ends when it resolves
 * @throws DemoFailure where the story could not be told at all
 */
export const show = async (
  places: Places,
  options: {
    readonly program: string;
    readonly live: boolean;
    readonly asking: Asking;
    readonly ui: Ui;
    readonly signal: AbortSignal;
    readonly onLink: ((link: string) => Promise<void>) | undefined;
    readonly onChecks: (checks: readonly Check[]) => Promise<void>;
  },
): Promise<void> => {
  const { program, live, ui, signal, onLink } = options;
  // Every call of the client and every command listens on this one signal.
  setMaxListeners(0, signal);
  await access(program).catch(() => {
    throw new DemoFailure('The server is not built.', {
      hint: 'Run `npm ci` or `npm run build`, then again.',
    });
  });
  for (const folder of [places.home, places.state, places.worktrees])
    await mkdir(folder, { recursive: true });
  say(ui, !live);
  const base = await makeRepository(places.repository);
  const before = await runTests(places.repository);
  ui.line(
    `A repository with failing tests: ${places.repository} (${before.passed} pass, ${before.failed} fail)`,
  );

  // Fixed seed: the same little waits in every run, with a slow answer here and there as of a real model.
  const latency = longTail({ medianMs: 350, tailShare: 0.1, tailFactor: 3, random: seededRandom(7) });
  await using api = live ? undefined : await startScriptedApi({ latency, rules: RULES });
  const env = serverEnvironment(places, api?.url, process.env);
  const launch = { program, cwd: places.root, env, logFile: places.log, shared: true };
  const passphrase = await setPassphrase(places.state);
  await using server = await startSharedServer(launch, signal);
  const person = createPerson({
    url: server.url,
    passphrase,
    asking: options.asking,
    ui,
    signal,
    onShown: (page) => {
      if (onLink !== undefined) ui.line(`On the page: ${page} (passphrase of this demo: ${passphrase})`);
    },
  });
  await using session = await openSession(launch, signal);
  const health = await session.health();
  if (live && health.claude?.credentials === false) throw noLogin();
  ui.line(
    `Server ${health.version ?? ''} with claude ${health.claude?.version ?? '(unknown)'}, ${WORKERS} workers\n`,
  );
  ui.line(
    'What is dangerous waits for a person, who proves to be one by a passphrase. This server is the demo’s own: its\npassphrase was made just now, and this program types it for you. On your own machine nobody but you knows it.\n',
  );
  await onLink?.(await server.link());

  const submitted = await session.orchestrate({
    request: REQUEST,
    workspace: places.repository,
    tasks: [makePause(!live), ...makeTasks(!live)],
    verify: VERIFY_ALL,
    apply: 'branch',
    max_workers: WORKERS,
  });
  const { answer, decisions } = await follow(session, submitted, ui, signal, person);
  ui.end();
  if (live && lacksLogin(answer)) throw noLogin();

  const after =
    answer.branch == null ? undefined : await testBranch(places.repository, answer.branch, places.result);
  if (answer.branch != null) {
    ui.line(`\nBranch ${answer.branch}`);
    const stat = await git(places.repository, 'diff', '--stat', `${base}...${answer.branch}`);
    for (const line of stat.split('\n')) ui.line(`  ${line.trim()}`);
  }
  if (answer.receipt != null) ui.line(`\nReceipt\n${receiptLines(answer.receipt, !live).join('\n')}`);
  await options.onChecks(
    judge({
      scripted: !live,
      before,
      after,
      answer,
      mainMoved: (await git(places.repository, 'rev-parse', 'main')) !== base,
      decisions,
      legacyThere:
        answer.branch == null ||
        (await git(places.repository, 'ls-tree', '--name-only', answer.branch, LEGACY)) !== '',
      checkoutDirty: (await git(places.repository, 'status', '--porcelain')) !== '',
    }),
  );
};
