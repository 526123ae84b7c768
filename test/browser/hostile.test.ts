import { expect, it } from 'vitest';
import { enterByLink, startDashboard } from '../support/browser/dashboard.ts';
import { jobIs } from '../support/browser/jobs.ts';
import { describeInBrowser, NO_MISDEEDS } from '../support/browser/page.ts';
import { makeSandbox, says, tool } from '../support/sandbox.ts';

const IMAGE = '<img src=x onerror="globalThis.ran=1;alert(1)">';
const FAR = '<img src="https://evil.invalid/pixel"><link rel=stylesheet href="https://evil.invalid/a.css">';
const SCRIPT = '</script></title></textarea><script>globalThis.ran=1;alert(2)</script>';
const LINK =
  '<a href="javascript:globalThis.ran=1">press</a><svg onload="globalThis.ran=1"><iframe srcdoc="x">';
/** An escape that clears a terminal, one that sets its title, and letters that turn the order of reading. */
const UNSEEN = '\u001b[2J\u001b]0;owned\u0007\u202etxt.exe\u2066\u200b';
const ALL = [IMAGE, FAR, SCRIPT, LINK, UNSEEN].join(' ');
/** What of `ALL` may be in a file's name. */
const FILE = `<img src=x onerror=globalThis.ran=1>.js`;

describeInBrowser('what workers, files and callers write', (openPage) => {
  it('is text on every page: nothing of it runs, loads, opens or hides', async () => {
    const sandbox = await makeSandbox();
    const dashboard = await startDashboard(sandbox);
    const { job_id } = await dashboard.client.submit({
      request: `Hostile. ${ALL}`,
      workspace: sandbox.repository,
      tasks: [
        {
          id: 'bad',
          title: `Title ${IMAGE} ${SCRIPT} ${UNSEEN}`.slice(0, 200),
          prompt: `Write it. ${tool('Write', { file_path: FILE, content: `const a = '${ALL}';\n` })}${says(`Said: ${ALL}`)}`,
          verify: `printf '%s\\n' 'Printed: ${ALL.replaceAll("'", '')}'; exit 1`,
        },
      ],
    });
    const { page, misdeeds, requests } = await openPage({ viewport: { width: 1280, height: 2400 } });
    await enterByLink(page, dashboard);
    await page.goto(`${dashboard.url}/jobs/${job_id}`);
    await jobIs(page, 'Failed');
    await page.getByRole('heading', { level: 1 }).getByText(IMAGE).waitFor();
    await page.getByRole('button', { name: 'Show the whole request' }).click();
    await page.getByRole('region', { name: 'Changes' }).scrollIntoViewIfNeeded();
    await page.goto(`${dashboard.url}/jobs/${job_id}/tasks/bad`);
    const log = page.getByRole('log');
    await log.getByText('Said:').first().waitFor();
    await log.getByText('Printed:').first().waitFor();
    expect(await log.locator('img, script, a, iframe, svg, link').count()).toBe(0);
    for (const tab of ['Verification', 'Prompt', 'Errors']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByRole('tabpanel', { name: tab }).waitFor();
    }
    await page.goto(dashboard.url);
    await page.getByRole('link', { name: 'Hostile.' }).first().waitFor();
    await page.goto(`${dashboard.url}/jobs/${encodeURIComponent(IMAGE)}`);
    await page.getByRole('heading', { name: /There is no such job|cannot be shown/ }).waitFor();
    await page.goto(`${dashboard.url}/jobs/${job_id}/tasks/${encodeURIComponent(IMAGE)}`);
    await page.getByText('This job has no such task.').waitFor();

    expect(await page.evaluate(() => Reflect.get(globalThis, 'ran'))).toBeUndefined();
    expect(misdeeds).toEqual(NO_MISDEEDS);
    expect(requests.filter((url) => !/^\/(assets\/|api\/v1\/|jobs\/|$)/.test(new URL(url).pathname))).toEqual(
      [],
    );
  });

  it('is text in the diff too, its name as well as its lines', async () => {
    const sandbox = await makeSandbox();
    const dashboard = await startDashboard(sandbox);
    const { job_id } = await dashboard.client.submit({
      request: 'Hostile files.',
      workspace: sandbox.repository,
      tasks: [
        {
          id: 'write',
          prompt: `Write it. ${tool('Write', { file_path: FILE, content: `const a = '${ALL}';\n` })}${says('done')}`,
        },
      ],
    });
    const { page, misdeeds } = await openPage();
    await enterByLink(page, dashboard);
    await page.goto(`${dashboard.url}/jobs/${job_id}`);
    await jobIs(page, 'Succeeded');
    const changes = page.getByRole('region', { name: 'Changes' });
    await changes.scrollIntoViewIfNeeded();
    await changes.getByRole('heading').getByText(FILE).waitFor();
    await changes.getByText('evil.invalid').first().waitFor();
    // Coloured by the highlighter, and still only text.
    await changes.locator('.diff-line code span').first().waitFor();
    expect(await changes.locator('img, script, a, iframe, link').count()).toBe(0);
    await changes.getByText('evil.invalid').first().click();
    await page.locator('.diff-comment').waitFor();
    expect(await page.evaluate(() => Reflect.get(globalThis, 'ran'))).toBeUndefined();
    expect(misdeeds).toEqual(NO_MISDEEDS);
  });

  it('a page of the server lets no script in that is not its own', async () => {
    const sandbox = await makeSandbox();
    const dashboard = await startDashboard(sandbox);
    const { page, misdeeds } = await openPage();
    await enterByLink(page, dashboard);
    expect(misdeeds).toEqual(NO_MISDEEDS);
    await page.evaluate(() => {
      const element = document.createElement('script');
      element.textContent = 'globalThis.ran = 1';
      document.body.append(element);
    });
    await expect.poll(() => misdeeds.violations.length).toBeGreaterThan(0);
    expect(await page.evaluate(() => Reflect.get(globalThis, 'ran'))).toBeUndefined();
  });
});
