import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { chromiumPath, HOW_TO_GET_CHROMIUM } from '../test/support/browser/chromium.ts';
import { PROGRAM } from './contest/server.ts';
import { openSession, openView, type Seen, type View } from './faces/browser.ts';
import { openGround } from './faces/ground.ts';
import { startLocalServer } from './faces/localServer.ts';
import { storeManyJobs } from './faces/manyJobs.ts';
import { type BenchOptions, type BenchResult, type Figure, median } from './measure/figure.ts';
import { loadNow } from './measure/machine.ts';

/**
 * Bench (h): the dashboard of a server with 1,000 jobs, in headless Chromium with an empty cache each time: first
 * contentful paint, and the time until the rows of the overview, or the graph of a job of 200 tasks, have been
 * painted. And what the page weighs.
 */
const RUNS = 10;
const JOBS = 1000;
const TASKS = 200;
/** The overview draws so many ended jobs at first. */
const ROWS = 25;
const SECOND_MS = 1000;
const BUNDLE_KB = 150;
const FOLDER = join(dirname(PROGRAM), 'dashboard');

const gzippedKb = async (files: Iterable<string>): Promise<number> => {
  const sizes = await Promise.all(
    [...files].map(async (file) => gzipSync(await readFile(join(FOLDER, file)), { level: 9 }).length),
  );
  return Math.round(sizes.reduce((sum, size) => sum + size, 0) / 100) / 10;
};

/** Everything that the build made, without what it compressed beside it. */
const allFiles = async (): Promise<readonly string[]> =>
  (await readdir(FOLDER, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !/\.(br|gz)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(FOLDER.length));

const weights = async (firstLoad: Seen | undefined): Promise<readonly Figure[]> => {
  const whole = await allFiles();
  const files = new Set(firstLoad?.files.map((path) => (path === '/' ? '/index.html' : path)));
  const bundle = { bench: 'h', unit: 'kB', bar: { atMost: BUNDLE_KB } };
  return [
    ...(firstLoad === undefined
      ? []
      : [
          {
            ...bundle,
            name: 'overview, gzip',
            value: await gzippedKb(files),
            note: `${files.size} files`,
          },
        ]),
    { ...bundle, name: 'all views, gzip', value: await gzippedKb(whole), note: `${whole.length} files` },
  ];
};

const timesOf = (name: string, seen: readonly Seen[]): readonly Figure[] => {
  const time = { bench: 'h', unit: 'ms', bar: { atMost: SECOND_MS } };
  const [paint, all] = [seen.map((each) => each.firstPaintMs), seen.map((each) => each.allMs)];
  const note = (values: readonly number[]): string =>
    `${values.length} loads, slowest ${Math.round(Math.max(...values))} ms; load ${loadNow()}`;
  return [
    { ...time, name: `${name}: first contentful paint`, value: Math.round(median(paint)), note: note(paint) },
    { ...time, name: `${name}: all painted`, value: Math.round(median(all)), note: note(all) },
  ];
};

const measureViews = async (executablePath: string, o: BenchOptions) => {
  await using ground = await openGround(o.signal);
  const job = await storeManyJobs(ground, { jobs: JOBS, tasks: TASKS });
  await using server = await startLocalServer(ground);
  const session = await openSession(server);
  const views: readonly View[] = [
    { path: '/', selector: '.ended-job', count: ROWS },
    { path: `/jobs/${job}`, selector: '.graph-node', count: TASKS },
  ];
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const seen = views.map((): Seen[] => []);
    for (let run = 0; run < RUNS + 1; run++) {
      for (const [at, view] of views.entries()) {
        o.signal.throwIfAborted();
        const each = await openView(browser, session, view);
        // The first load of each starts parts of the browser.
        if (run > 0) seen[at]?.push(each);
      }
    }
    return seen;
  } finally {
    await browser.close();
  }
};

export const dashboardBench = async (o: BenchOptions): Promise<BenchResult> => {
  const executablePath = chromiumPath();
  if (executablePath === undefined) {
    o.say(`h  only what the page weighs: there is no browser (${HOW_TO_GET_CHROMIUM})`);
    return { figures: await weights(undefined), runs: [] };
  }
  const [overview = [], graph = []] = await measureViews(executablePath, o);
  o.say(`h  ${overview.length} loads of the overview, ${graph.length} of a job's page`);
  return {
    figures: [
      ...timesOf(`${JOBS} jobs`, overview),
      ...timesOf(`job of ${TASKS} tasks`, graph),
      ...(await weights(overview[0])),
    ],
    runs: [
      ...overview.map((seen) => ({ bench: 'h', view: 'overview', ...seen, files: [...seen.files] })),
      ...graph.map((seen) => ({ bench: 'h', view: 'job', ...seen, files: [...seen.files] })),
    ],
  };
};
