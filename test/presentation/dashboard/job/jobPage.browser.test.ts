import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser } from '../../../support/browser/page.ts';
import { buildJobPage } from './support/buildJobPage.ts';
import { type JobServer, serveJobs } from './support/jobServer.ts';
import { manyTasks, parkedTask, twelveTasks } from './support/sampleJob.ts';

const running = twelveTasks(Date.now(), false);
const ended = twelveTasks(Date.now(), true);
const many = manyTasks(Date.now(), 200);
const parked = parkedTask(Date.now());
/** Stopped for its denials, with nothing in it that failed. */
const stopped: typeof running = {
  ...running,
  id: 'job_000000stopped',
  whole: {
    ...running.whole,
    job_id: 'job_000000stopped',
    tasks: running.whole.tasks.map((one) =>
      one.status === 'failed' || one.status === 'skipped' ? { ...one, status: 'ready' as const } : one,
    ),
    attention: { reason: 'Calls were denied three times in a row.', refs: [], wants: 'approver' as const },
  },
};
let folder: string;
let server: JobServer;
const faults: string[] = [];

describeInBrowser('the job page', (openPage) => {
  const open = async (path: string, options: BrowserContextOptions = {}): Promise<Page> => {
    const { page } = await openPage(options);
    // A broken content policy, a thrown error and a failed load all end up here.
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    page.on('pageerror', (error) => faults.push(String(error)));
    await page.goto(server.origin + path);
    await page.waitForSelector('.graph-node');
    return page;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'job-page-'));
    await buildJobPage(folder);
    server = await serveJobs(folder, [running, ended, many, parked, stopped]);
  });
  afterAll(async () => {
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('nothing in a diff is markup: an image with onerror and a script are text', async () => {
    const page = await open(`/jobs/${ended.id}`);
    await page.locator('#job-diff-title').scrollIntoViewIfNeeded();
    await page.getByText('onerror=').waitFor();
    await page.waitForSelector('.diff-line .hljs-tag');
    expect(await page.locator('.diff img, .diff script, .diff svg').count()).toBe(0);
    expect(await page.evaluate('window.hurt')).toBeUndefined();
    expect(await page.locator('.diff-line', { hasText: 'onerror' }).locator('code').textContent()).toBe(
      '<img src=x onerror="window.hurt = true">',
    );
    await page.close();
  });

  test('a job that was stopped for its denials goes on by a button, though nothing of it failed', async () => {
    const page = await open(`/jobs/${stopped.id}`);
    await page.getByText('Calls were denied three times in a row.').waitFor();
    await page.locator('.job-actions').getByRole('button', { name: 'Retry' }).click();
    const posts = server.posts.length;
    await page.getByRole('dialog').getByRole('button', { name: 'Go on' }).click();
    await expect
      .poll(() => server.posts.slice(posts))
      .toEqual([{ path: `/api/v1/jobs/${stopped.id}/steer`, body: { action: 'retry' } }]);
    await page.close();
  });

  test('what happens is shown without asking again and again, and after a break goes on where it was', async () => {
    const page = await open(`/jobs/${running.id}`);
    const before = server.reads();
    for (let turn = 0; turn < 20; turn += 1)
      server.happen(running, 'task.verifying', { task_id: 'streaming', attempt: 1, cost_usd: 0.1 });
    const streaming = running.whole.tasks.find((task) => task.id === 'streaming');
    if (streaming !== undefined) streaming.status = 'verifying';
    await page.locator('.graph-node.is-verifying[data-task="streaming"]').waitFor();
    expect(server.reads() - before).toBeLessThanOrEqual(3);
    server.cut();
    await page.locator('.job-stream.is-lost').waitFor();
    if (streaming !== undefined) streaming.status = 'failed';
    server.happen(running, 'task.failed', {
      task_id: 'streaming',
      attempt: 1,
      error: { code: 'X', message: 'm', hint: 'h' },
    });
    await page.locator('.graph-node.is-failed[data-task="streaming"]').waitFor();
    expect(await page.locator('.wf-bar[data-task="streaming"]').count()).toBe(1);
    if (streaming !== undefined) streaming.status = 'running';
    await page.close();
  });

  test('a task that waits for a person is hatched in graph and timeline, and both say what that means', async () => {
    const page = await open(`/jobs/${parked.id}`);
    const node = page.locator('.graph-node.is-parked[data-task="streaming"]');
    expect(await node.locator('title').textContent()).toContain('waits for a person');
    expect(await node.locator('.graph-box').evaluate((box) => getComputedStyle(box).fill)).toContain(
      'graph-parked',
    );
    const stretch = page.locator('.wf-bar[data-task="streaming"] .is-asking');
    expect(await stretch.evaluate((bar) => getComputedStyle(bar).fill)).toContain('wf-asking');
    await page.getByRole('list', { name: 'Legend', exact: true }).getByText('waits for a person').waitFor();
    await page
      .getByRole('list', { name: 'Legend of the timeline' })
      .getByText('waiting for a person')
      .waitFor();
    await page.close();
  });

  test('the graph is one stop of the tab key, arrows go along its edges, Enter opens the task', async () => {
    const page = await open(`/jobs/${running.id}`);
    await page.getByRole('button', { name: 'Fit' }).focus();
    await page.keyboard.press('Tab');
    const focused = (): Promise<unknown> => page.evaluate('document.activeElement.dataset.task');
    const first = await focused();
    await page.keyboard.press('ArrowRight');
    const second = await focused();
    const task = running.whole.tasks.find((candidate) => candidate.id === second);
    expect(task?.depends_on).toContain(first);
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/jobs/${running.id}/tasks/${String(second)}`);
    await page.getByRole('tab', { name: 'Log' }).waitFor();
    await page.keyboard.press('Escape');
    await page.waitForURL(`**/jobs/${running.id}`);
    await expect.poll(focused).toBe(second);
    await page.close();
  });

  test('opening a task keeps the job: it is not read anew and its address can be opened by itself', async () => {
    const page = await open(`/jobs/${ended.id}`);
    const before = server.reads();
    await page.locator('.wf-bar[data-task="csv"]').click();
    await page.getByRole('heading', { name: 'CSV by RFC 4180' }).waitFor();
    expect(server.reads()).toBe(before);
    await page.reload();
    await page.getByRole('heading', { name: 'CSV by RFC 4180' }).waitFor();
    await page.close();
  });

  test('a failed bar offers to run its task again, and asks before it does', async () => {
    const page = await open(`/jobs/${ended.id}`);
    await page.locator('.wf-bar[data-task="csv"]').hover();
    await page.locator('.wf-details').getByRole('button', { name: 'Run again' }).click();
    const posts = server.posts.length;
    await page.getByRole('dialog').getByRole('button', { name: 'Run again' }).click();
    await expect
      .poll(() => server.posts.slice(posts))
      .toEqual([{ path: `/api/v1/jobs/${ended.id}/steer`, body: { action: 'retry', task_id: 'csv' } }]);
    await page.close();
  });

  test('a comment on a line goes to a running worker with file, line and quote', async () => {
    const page = await open(`/jobs/${running.id}`);
    await page.locator('#job-diff-title').scrollIntoViewIfNeeded();
    await page.locator('.diff-line', { hasText: 'const SPECIAL' }).locator('button').click();
    await page.getByRole('textbox', { name: /Comment on/ }).fill('Is a tab special too?');
    const posts = server.posts.length;
    await page.getByRole('button', { name: 'Send to worker' }).click();
    await expect
      .poll(() => server.posts.slice(posts))
      .toEqual([
        {
          path: `/api/v1/jobs/${running.id}/steer`,
          body: {
            action: 'message',
            task_id: 'streaming',
            message:
              'A comment on the changes so far, at src/export/csvExport.ts:5\n> const SPECIAL = /[",\\r\\n]/;\n\nIs a tab special too?',
          },
        },
      ]);
    await page.close();
  });

  test('where no worker runs a comment says why it cannot be sent', async () => {
    const page = await open(`/jobs/${ended.id}`);
    await page.locator('#job-diff-title').scrollIntoViewIfNeeded();
    await page.locator('.diff-line', { hasText: 'const SPECIAL' }).locator('button').click();
    await page.getByRole('textbox', { name: /Comment on/ }).fill('Too late');
    await page.getByText('no worker can hear this').waitFor();
    expect(await page.getByRole('button', { name: 'Send to worker' }).isDisabled()).toBe(true);
    await page.close();
  });

  test('dragging in the overview zooms the timeline, a double click shows all of it again', async () => {
    const page = await open(`/jobs/${ended.id}`);
    const strip = page.locator('.wf-strip');
    await strip.scrollIntoViewIfNeeded();
    const box = await strip.boundingBox();
    const bar = page.locator('.wf-bar[data-task="csv"] .wf-outline');
    const wide = async (): Promise<number> => Number(await bar.getAttribute('width'));
    const before = await wide();
    const y = (box?.y ?? 0) + 20;
    await page.mouse.move((box?.x ?? 0) + 100, y);
    await page.mouse.down();
    await page.mouse.move((box?.x ?? 0) + 500, y, { steps: 5 });
    await page.mouse.up();
    await expect.poll(wide).toBeGreaterThan(before * 1.5);
    await page.getByRole('slider', { name: 'Beginning of what is shown' }).press('Escape');
    await expect.poll(wide).toBeCloseTo(before, 0);
    await page.close();
  });

  test('a log of 10 MB is scrolled and searched within a few dozen elements', async () => {
    const line = 'The quick brown fox jumps over the lazy dog, again and again, until the log is full.\n';
    running.logs.set('columns', line.repeat(125_000));
    const page = await open(`/jobs/${running.id}/tasks/columns`);
    await page.getByText('125,000 rows').or(page.getByText('125000 rows')).waitFor();
    server.print(running, 'columns', 'the needle in it\n');
    await page.locator('.task-log-row', { hasText: 'the needle' }).waitFor();
    await page.locator('.task-log-rows').evaluate((element) => element.scrollTo(0, 0));
    // The page hears of the scroll a frame later.
    await expect.poll(() => page.getByRole('checkbox', { name: 'Follow' }).isChecked()).toBe(false);
    await page.locator('.task-log-row').first().waitFor();
    await page.getByRole('searchbox', { name: 'Search in the log' }).fill('NEEDLE');
    await page.locator('.task-log-row mark').waitFor();
    expect(await page.locator('.task-log-row').count()).toBeLessThan(120);
    await page.close();
  });

  test('a diff of 5 MB opens within a second and holds few elements', async () => {
    const body = Array.from(
      { length: 60_000 },
      (_, index) => `+const value${index} = 'some text that fills the line of the file ${index}';`,
    );
    ended.diff += `diff --git a/big.ts b/big.ts\nnew file mode 100644\n--- /dev/null\n+++ b/big.ts\n@@ -0,0 +1,60000 @@\n${body.join('\n')}\n`;
    const page = await open(`/jobs/${ended.id}`);
    await page.locator('#job-diff-title').scrollIntoViewIfNeeded();
    const button = page.locator('.diff-file-head button', { hasText: 'big.ts' });
    await button.waitFor();
    const took: unknown = await page.evaluate(`(async () => {
      const start = performance.now();
      [...document.querySelectorAll('.diff-file-head button')].find((one) => one.textContent.includes('big.ts')).click();
      while (document.querySelector('.diff-rows.is-many .diff-line') === null)
        await new Promise((resolve) => requestAnimationFrame(resolve));
      return performance.now() - start;
    })()`);
    expect(took).toBeLessThan(1000);
    expect(await page.locator('.diff-line').count()).toBeLessThan(300);
    await page.close();
  });

  test('200 tasks are laid out and painted before anybody waits, on a busy machine too', async () => {
    const times: number[] = [];
    for (let turn = 0; turn < 4; turn += 1) {
      const { page } = await openPage();
      // Time of the page's thread, not of the clock on the wall: what else the machine does must not count.
      const devtools = await page.context().newCDPSession(page);
      await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
      await page.goto(`${server.origin}/jobs/${many.id}`);
      await page.evaluate(`(async () => {
        const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
        while (document.querySelectorAll('.graph-node').length < 200) await frame();
        await frame();
      })()`);
      const { metrics } = await devtools.send('Performance.getMetrics');
      times.push(
        Math.round((metrics.find((metric) => metric.name === 'TaskDuration')?.value ?? Number.NaN) * 1000),
      );
      await page.close();
    }
    console.log(`200 tasks: ${times.join(', ')} ms of processor time from navigation to paint`);
    expect(Math.min(...times)).toBeLessThan(800);
  });

  for (const [scheme, width, path] of [
    ['light', 1280, `/jobs/${running.id}`],
    ['dark', 1280, `/jobs/${ended.id}`],
    ['light', 360, `/jobs/${ended.id}/tasks/csv`],
    ['dark', 360, `/jobs/${running.id}`],
  ] as const) {
    test(`axe finds nothing serious at ${width} px, ${scheme}, ${path.includes('/tasks/') ? 'task' : 'job'}, and nothing is wider than the page`, async () => {
      const page = await open(path, { viewport: { width, height: 800 }, colorScheme: scheme });
      await page.locator('#job-diff-title').scrollIntoViewIfNeeded();
      await page.waitForSelector('.diff-file');
      await page.evaluate(
        readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'),
      );
      const found: unknown = await page.evaluate(
        'axe.run().then((result) => result.violations.filter((one) => one.impact === "serious" || one.impact === "critical").map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html).join(" ")}`))',
      );
      expect(found).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      await page.close();
    });
  }

  test('nothing of all this broke the content policy or threw', () => {
    // The break of the connection above is meant, and the browser tells of it.
    expect(faults.filter((fault) => !fault.includes('net::ERR'))).toEqual([]);
  });
});
