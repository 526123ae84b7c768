import { mkdir, mkdtemp, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core';
import { hasEnded } from '../demo/answers.ts';
import { openSession, type Session } from '../demo/client.ts';
import { startSharedServer } from '../demo/dashboard.ts';
import { placesIn, serverEnvironment } from '../demo/environment.ts';
import { makeRepository } from '../demo/example/repository.ts';
import { makePause, makeTasks, REQUEST, RULES, VERIFY_ALL } from '../demo/example/tasks.ts';
import { setPassphrase } from '../demo/person.ts';
import { longTail, seededRandom, startScriptedApi, write, writeTool } from '../demo/scripted-api.ts';
import { chromiumPath, HOW_TO_GET_CHROMIUM } from '../test/support/browser/chromium.ts';

/**
 * Makes the pictures of docs/images from a real run of the demo: real server, real workers, real git, a scripted
 * model. `npm run build` first.
 */
const IMAGES = fileURLToPath(new URL('../docs/images', import.meta.url));
const PROGRAM = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const MOST_BYTES = 250_000;
const WIDE = { width: 1280, height: 720 };
const PHONE = { width: 360, height: 760 };

const executablePath = chromiumPath();
if (executablePath === undefined) throw new Error(`There is no browser: ${HOW_TO_GET_CHROMIUM}.`);

/** The same sight light and dark; of the whole window, or of one part. */
const take = async (page: Page, name: string, part?: Locator): Promise<void> => {
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await one(page, scheme === 'light' ? name : `${name}-dark`, part);
  }
  await page.emulateMedia({ colorScheme: 'light' });
};

const one = async (page: Page, name: string, part?: Locator): Promise<void> => {
  const file = path.join(IMAGES, `${name}.png`);
  await (part ?? page).screenshot({ path: file, animations: 'disabled' });
  const { size } = await stat(file);
  if (size > MOST_BYTES) throw new Error(`${name}.png has ${size} bytes, at most ${MOST_BYTES} are wanted.`);
  process.stdout.write(`${name}.png ${Math.round(size / 1000)} kB\n`);
};

const untilEnd = async (session: Session, jobId: string): Promise<void> => {
  while (!hasEnded(await session.wait(jobId, 20, () => {})));
};

const script = (...steps: readonly string[]): string => [write('begin'), ...steps, write('end')].join('');

/** What ended before, so that the overview is not bare. */
const earlierJobs = (workspace: string) => [
  {
    request: 'Add an editor configuration to the repository.',
    workspace,
    tasks: [
      {
        id: 'editorconfig',
        prompt: `Write it. ${script(writeTool('Write', { file_path: '.editorconfig', content: 'root = true\n' }), write('text', 'done'))}`,
      },
    ],
  },
  {
    request: 'Take the old checkout out, and whatever only it needs.',
    workspace,
    tasks: [
      {
        id: 'checkout',
        title: 'Take the old checkout out',
        prompt: `Take it out. ${script(writeTool('Write', { file_path: 'src/checkout.js', content: '' }), write('text', 'It is empty now.'))}`,
        verify: 'test ! -e src/checkout.js',
      },
    ],
  },
];

const places = placesIn(await realpath(await mkdtemp(path.join(tmpdir(), 'orchestrator-pictures-'))));
const signal = new AbortController().signal;

/** The page that a person decides on: what waits first, then the request itself, also on a phone. */
const takeApproval = async (browser: Browser, url: string, passphrase: string): Promise<void> => {
  const signedIn = async (options: BrowserContextOptions): Promise<Page> => {
    const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
    const page = await context.newPage();
    await page.goto(`${url}/approvals`);
    await page.getByRole('textbox', { name: 'Passphrase' }).fill(passphrase);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('.approval-item a').first().click();
    await page.getByRole('button', { name: 'Approve' }).waitFor();
    await page.mouse.move(0, 0);
    return page;
  };
  await take(await signedIn({ viewport: WIDE }), 'approval');
  await one(await signedIn({ viewport: PHONE, isMobile: true }), 'approval-phone');
};

try {
  for (const folder of [places.home, places.state, places.worktrees, IMAGES])
    await mkdir(folder, { recursive: true });
  await makeRepository(places.repository);
  const passphrase = await setPassphrase(places.state);
  const latency = longTail({ medianMs: 1500, tailShare: 0.15, tailFactor: 3, random: seededRandom(7) });
  await using api = await startScriptedApi({ latency, rules: RULES });
  const launch = {
    program: PROGRAM,
    cwd: places.root,
    env: serverEnvironment(places, api.url, process.env),
    logFile: places.log,
    shared: true,
  };
  await using server = await startSharedServer(launch, signal);
  await using session = await openSession(launch, signal);
  await using browser = await chromium.launch({ executablePath });
  const context = await browser.newContext({ viewport: WIDE, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(await server.link());
  for (const job of earlierJobs(places.repository))
    await untilEnd(session, (await session.orchestrate(job)).job_id);

  const { job_id } = await session.orchestrate({
    request: REQUEST,
    workspace: places.repository,
    tasks: makeTasks(true),
    verify: VERIFY_ALL,
    max_workers: 3,
  });
  const job = await context.newPage();
  await job.goto(new URL(`/jobs/${job_id}`, page.url()).href);
  await job.locator('.graph-node.is-done').nth(1).waitFor();
  await page.locator('.running-job progress, .running-job .full').first().waitFor();
  await take(page, 'overview');
  await take(job, 'job');
  const phone = await browser.newContext({ viewport: PHONE, reducedMotion: 'reduce', isMobile: true });
  const small = await phone.newPage();
  await small.goto(await server.link());
  await small.locator('.running-job').waitFor();
  await one(small, 'overview-phone');

  await untilEnd(session, job_id);
  await job.getByText('Succeeded', { exact: true }).first().waitFor();
  await job.mouse.move(0, 0);
  await take(job, 'timeline', job.getByRole('region', { name: 'Timeline' }));
  await job.getByRole('region', { name: 'Changes' }).scrollIntoViewIfNeeded();
  const money = job.locator('.diff-file').filter({ hasText: 'src/money.js' });
  await money.locator('.diff-line.is-added .diff-number').first().click();
  await job
    .getByLabel(/Comment on/)
    .last()
    .fill('Keep the sign in front of the currency, as the invoice has it.');
  await money.evaluate((element) => element.scrollIntoView({ block: 'center' }));
  await take(job, 'changes');
  await job.goto(new URL(`/jobs/${job_id}/tasks/money`, page.url()).href);
  await job.getByRole('log').locator('.task-log-row').first().waitFor();
  await take(job, 'log');

  await session.orchestrate({
    request: 'Take out what nothing uses any more.',
    workspace: places.repository,
    tasks: [makePause(true)],
  });
  await page.getByRole('link', { name: 'Approvals 1 wait for a decision' }).waitFor();
  await takeApproval(browser, new URL(page.url()).origin, passphrase);

  await page.goto(new URL('/new', page.url()).href);
  await page
    .getByLabel('What is to be done')
    .fill('- Write slugify in src/slug.js\n- Write toRoman in src/roman.js\n- Write addDays in src/dates.js');
  await page.getByLabel('Workspace').fill(places.repository);
  await page.getByLabel('Verify').first().fill(VERIFY_ALL);
  await page.getByRole('button', { name: 'Analyse' }).click();
  await page.getByRole('heading', { name: 'Plan' }).waitFor();
  await take(page, 'new-job');
} finally {
  await rm(places.root, { recursive: true, force: true });
}
