import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { enterByLink, startDashboard } from '../support/browser/dashboard.ts';
import { describeInBrowser } from '../support/browser/page.ts';
import { seedJobs } from '../support/browser/seed.ts';
import { makeSandbox } from '../support/sandbox.ts';
import { PROGRAM } from '../support/server.ts';

const JOBS = 1000;
const TASKS = 200;
const LIMIT_MS = 1000;
const BUNDLE_BYTES = 150_000;
/** Other load only ever adds time, so the fastest of a few loads is what the page takes. */
const LOADS = 5;

type Times = { readonly paint: number; readonly ready: number };

/** Loads an address anew, nothing from the cache. Milliseconds since the navigation began. */
const load = async (page: Page, url: string, selector: string, count: number): Promise<Times> => {
  await page.goto(url, { waitUntil: 'commit' });
  const ready = await page.waitForFunction(
    ([wanted, many]) =>
      document.querySelectorAll(String(wanted)).length >= Number(many) ? performance.now() : undefined,
    [selector, count],
    { polling: 'raf' },
  );
  const paint = await page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.POSITIVE_INFINITY,
  );
  return { paint, ready: (await ready.jsonValue()) ?? Number.POSITIVE_INFINITY };
};

const fastest = async (page: Page, url: string, selector: string, count: number): Promise<Times> => {
  const all: Times[] = [];
  for (let turn = 0; turn < LOADS; turn++) {
    all.push(await load(page, url, selector, count));
    if (all.some(({ paint, ready }) => paint < LIMIT_MS && ready < LIMIT_MS)) break;
  }
  const best = all.toSorted((a, b) => a.ready - b.ready)[0];
  const words = all.map(({ paint, ready }) => `${paint.toFixed(0)}/${ready.toFixed(0)}`).join(' ');
  console.info(`${selector}: first paint/ready ${words} ms, load ${loadavg()[0]?.toFixed(1)}`);
  return best ?? { paint: Number.POSITIVE_INFINITY, ready: Number.POSITIVE_INFINITY };
};

describeInBrowser('the dashboard is quick', (openPage) => {
  it('shows the newest of 1,000 jobs, and a job of 200 tasks, within a second', async () => {
    const sandbox = await makeSandbox();
    const large = await seedJobs(sandbox, JOBS, TASKS);
    const dashboard = await startDashboard(sandbox);
    const { page } = await openPage();
    const devtools = await page.context().newCDPSession(page);
    await enterByLink(page, dashboard);
    await devtools.send('Network.enable');
    await devtools.send('Network.setCacheDisabled', { cacheDisabled: true });
    const overview = await fastest(page, dashboard.url, '.ended-job', 25);
    const job = await fastest(page, `${dashboard.url}/jobs/${large}`, 'g[data-task]', TASKS);
    for (const { paint, ready } of [overview, job]) {
      expect(paint).toBeLessThan(LIMIT_MS);
      expect(ready).toBeLessThan(LIMIT_MS);
    }
  });

  it('loads at most 150 kB, gzipped, for its first page', async () => {
    const sandbox = await makeSandbox();
    const dashboard = await startDashboard(sandbox);
    const { page, requests } = await openPage();
    await enterByLink(page, dashboard);
    await page.getByRole('heading', { name: 'No jobs yet' }).waitFor();
    const files = [...new Set(requests.map((url) => new URL(url).pathname))].filter((name) =>
      /\.(js|css)$/.test(name),
    );
    const bytes = files
      .map((name) => readFileSync(path.join(path.dirname(PROGRAM), 'dashboard', `${name}.gz`)).byteLength)
      .reduce((sum, size) => sum + size, 0);
    console.info(`first page: ${files.length} files, ${bytes} bytes gzipped`);
    expect(files.length).toBeGreaterThan(1);
    expect(bytes).toBeLessThan(BUNDLE_BYTES);
  });
});
