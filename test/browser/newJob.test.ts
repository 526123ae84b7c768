import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { enterByLink, startDashboard } from '../support/browser/dashboard.ts';
import { go, jobIs, nodeOf, waitForGo, working } from '../support/browser/jobs.ts';
import { describeInBrowser, NO_MISDEEDS } from '../support/browser/page.ts';
import { bash, makeSandbox, says } from '../support/sandbox.ts';

const icon = (page: Page): Promise<string | null> => page.locator('link[rel="icon"]').getAttribute('href');

/** Presses Tab until `name` has the focus, as somebody without a mouse does. */
const tabTo = async (page: Page, name: string | RegExp): Promise<void> => {
  const fits = (text: string): boolean => (typeof name === 'string' ? text === name : name.test(text));
  for (let pressed = 0; pressed < 60; pressed++) {
    await page.keyboard.press('Tab');
    const text = await page.evaluate(() => {
      const at = document.activeElement;
      if (at === null) return '';
      const label =
        at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement ? at.labels?.[0] : null;
      return (label?.textContent ?? at.getAttribute('aria-label') ?? at.textContent ?? '').trim();
    });
    if (fits(text)) return;
  }
  throw new Error(`no press of Tab leads to ${name}`);
};

describeInBrowser('a new job', (openPage) => {
  it('is analysed, started by the form, and watched live until its end', async () => {
    const sandbox = await makeSandbox();
    const dashboard = await startDashboard(sandbox);
    const { page, misdeeds } = await openPage();
    await enterByLink(page, dashboard);
    const quietIcon = await icon(page);
    await page.getByRole('link', { name: 'Start the first one' }).click();
    await page.getByRole('button', { name: 'Analyse' }).click();
    // Nothing is sent that is not complete, and the first field that is wrong is where one types.
    await page.getByText('Say what is to be done.').waitFor();
    await page.getByLabel('What is to be done').fill('Write two files.');
    await page.getByLabel('Workspace').fill(sandbox.repository);
    for (const [at, task] of [
      {
        id: 'first',
        after: '',
        prompt: `First. ${waitForGo(sandbox)}${bash('echo one > one.txt')}${says('first')}`,
      },
      { id: 'second', after: 'first', prompt: `Second. ${bash('echo two > two.txt')}${says('second')}` },
    ].entries()) {
      await page.getByRole('button', { name: 'Add a task' }).click();
      const row = page.locator('.task-row').nth(at);
      await row.getByLabel('Id').fill(task.id);
      await row.getByLabel('After').fill(task.after);
      await row.getByLabel('Prompt').fill(task.prompt);
    }
    await page.getByRole('button', { name: 'Analyse' }).click();
    const analysis = page.getByRole('region', { name: 'Analysis' });
    await analysis.getByRole('heading', { name: 'Plan' }).waitFor();
    expect(await analysis.getByRole('listitem').allTextContents()).toEqual(
      expect.arrayContaining([expect.stringContaining('after first')]),
    );
    await page.getByRole('button', { name: 'Start the job' }).click();

    await page.waitForURL(/\/jobs\/job_/);
    const jobId = new URL(page.url()).pathname.split('/')[2] ?? '';
    await working(sandbox);
    await page.locator('g.graph-node[data-task="first"].is-running').waitFor();
    await page.locator('g.graph-node[data-task="second"].is-waiting').waitFor();
    await page.waitForFunction(() => document.title.startsWith('1 running'));
    const runningIcon = await icon(page);
    expect(runningIcon).not.toBe(quietIcon);
    await page.getByText('0 of 2 done').waitFor();
    go(sandbox);
    await jobIs(page, 'Succeeded');
    await page.locator('g.graph-node[data-task="second"].is-done').waitFor();
    await page.getByText('2 of 2 done').waitFor();
    await page.waitForFunction(() => document.title.startsWith('Write two files.'));
    expect(await icon(page)).toBe(quietIcon);
    expect(await nodeOf(page, 'first').locator('title').textContent()).toMatch(/done/);
    // The page says what the server knows, and git has it.
    const { status, branch } = await dashboard.client.status(jobId);
    expect(status).toBe('succeeded');
    expect(sandbox.git('show', `${branch}:two.txt`)).toBe('two\n');
    await page.getByRole('region', { name: 'Changes' }).scrollIntoViewIfNeeded();
    await page
      .getByRole('button', { name: /two\.txt/ })
      .first()
      .waitFor();
    expect(misdeeds).toEqual(NO_MISDEEDS);
  });

  it('can be started, watched and looked into by keys alone', async () => {
    const sandbox = await makeSandbox();
    const dashboard = await startDashboard(sandbox);
    const { page } = await openPage();
    await enterByLink(page, dashboard);
    await page.getByRole('heading', { name: 'No jobs yet' }).waitFor();
    await page.keyboard.press('n');
    await page.getByRole('heading', { name: 'New job' }).waitFor();
    await tabTo(page, 'What is to be done');
    await page.keyboard.type('Write one file.');
    await tabTo(page, 'Workspace');
    await page.keyboard.type(sandbox.repository);
    await tabTo(page, 'Add a task');
    await page.keyboard.press('Enter');
    await page.locator('.task-row').waitFor();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.type(`Write. ${bash('echo one > one.txt')}${says('done')}`);
    await tabTo(page, 'Analyse');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Plan' }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/jobs\/job_/);
    await jobIs(page, 'Succeeded');
    await tabTo(page, /^Write\..*: done/);
    await page.keyboard.press('Enter');
    const panel = page.getByRole('dialog');
    await panel.getByRole('log').getByText('done').first().waitFor();
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    // Who closes the panel is where it was opened.
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-task'))).toBe('t1');
  });
});
