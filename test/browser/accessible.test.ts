import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { OrchestratorClient } from '../../src/presentation/client/index.ts';
import { enterByPassphrase, setPassphrase, startDashboard } from '../support/browser/dashboard.ts';
import { go, jobIs, waitForGo, working } from '../support/browser/jobs.ts';
import { describeInBrowser } from '../support/browser/page.ts';
import { bash, makeSandbox, says } from '../support/sandbox.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
type Tasks = NonNullable<Parameters<OrchestratorClient['submit']>[0]['tasks']>;

const WIDTHS = [1280, 360] as const;
const SCHEMES = ['light', 'dark'] as const;
/** Between light and dark nothing but colours differs (`light-dark()` of CSS takes nothing else). */
const RULES_OF_COLOUR = ['color-contrast', 'link-in-text-block'] as const;

/**
 * What keeps people out, by rule and place.
 * @param rules all that axe has, or the only ones
 */
const barriers = async (page: Page, rules?: readonly string[]): Promise<readonly string[]> => {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE);
  const { violations } = await page.evaluate(async (only) => {
    const tool: typeof axe = Reflect.get(globalThis, 'axe');
    return tool.run(document, {
      resultTypes: ['violations'],
      ...(only === undefined ? {} : { runOnly: [...only] }),
    });
  }, rules);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target, any }) => `${id} ${target} ${any[0]?.message ?? ''}`));
};

/** Colours that fade from the look before are no look: waits until all of them have arrived, three seconds at most. */
const settled = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const late = new Promise((over) => setTimeout(over, 3000));
    const drawn = new Promise((over) => requestAnimationFrame(() => requestAnimationFrame(over)));
    await Promise.race([late, drawn]);
    const ending = document
      .getAnimations()
      .filter((animation) => Number(animation.effect?.getComputedTiming().endTime) < 3000);
    await Promise.race([late, Promise.allSettled(ending.map(({ finished }) => finished))]);
  });

/** The same view in all four looks. */
const inAllLooks = async (page: Page, name: string): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const width of WIDTHS) {
    for (const colorScheme of SCHEMES) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await settled(page);
      const rules = colorScheme === 'light' ? undefined : RULES_OF_COLOUR;
      for (const barrier of await barriers(page, rules))
        found.push(`${name} ${width} ${colorScheme}: ${barrier}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      if (wide > width) found.push(`${name} ${width} ${colorScheme}: the page is ${wide} wide`);
    }
  }
  return found;
};

describeInBrowser('the dashboard', (openPage) => {
  it('has no serious barrier in any view, light and dark, wide and narrow, and never scrolls sideways', async () => {
    const sandbox = await makeSandbox();
    const dashboard = await startDashboard(sandbox);
    await setPassphrase(sandbox);
    const spec = (request: string, tasks: Tasks) => ({ request, workspace: sandbox.repository, tasks });
    const task = (id: string, more: Partial<Tasks[number]> = {}) => ({
      id,
      prompt: `Do ${id}. ${bash(`echo 'const ${id} = 1;' > ${id}.js`)}${says(id)}`,
      ...more,
    });
    const done = await dashboard.client.submit(
      spec('A job that is done.', [task('a'), task('b', { depends_on: ['a'] })]),
    );
    await dashboard.client.submit(spec('A job that fails.', [task('c', { verify: 'exit 1' })]));
    const found: string[] = [];
    const { page } = await openPage();
    await page.goto(dashboard.url);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    found.push(...(await inAllLooks(page, 'sign in')));
    await enterByPassphrase(page);
    await page.goto(`${dashboard.url}/jobs/${done.job_id}`);
    await jobIs(page, 'Succeeded');
    await page.getByRole('region', { name: 'Changes' }).scrollIntoViewIfNeeded();
    await page.locator('.diff-line').first().waitFor();
    await page.locator('.diff-number').first().click();
    found.push(...(await inAllLooks(page, 'job')));
    for (const tab of ['Log', 'Verification', 'Prompt', 'Errors']) {
      await page.goto(`${dashboard.url}/jobs/${done.job_id}/tasks/b`);
      await page.getByRole('tab', { name: tab }).click();
      await page.getByRole('tabpanel', { name: tab }).waitFor();
      found.push(...(await inAllLooks(page, `task, ${tab}`)));
    }
    const running = await dashboard.client.submit(
      spec('A job that runs.', [
        { id: 'wait', prompt: `Wait. ${waitForGo(sandbox)}${says('x')}` },
        task('d', { depends_on: ['wait'] }),
      ]),
    );
    await working(sandbox);
    await page.goto(dashboard.url);
    await page.getByRole('link', { name: 'A job that runs.' }).waitFor();
    await page.getByRole('link', { name: 'A job that fails.' }).first().waitFor();
    found.push(...(await inAllLooks(page, 'overview')));
    await page.goto(`${dashboard.url}/system`);
    await page.getByRole('heading', { name: 'About' }).waitFor();
    found.push(...(await inAllLooks(page, 'system')));
    await page.goto(`${dashboard.url}/jobs/${running.job_id}`);
    await page.locator('g.graph-node[data-task="wait"].is-running').waitFor();
    found.push(...(await inAllLooks(page, 'running job')));
    go(sandbox);
    await page.goto(`${dashboard.url}/new`);
    await page.getByLabel('What is to be done').fill('- one\n- two');
    await page.getByLabel('Workspace').fill(sandbox.repository);
    await page.getByRole('button', { name: 'Analyse' }).click();
    await page.getByText('Workers', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Add a task' }).click();
    found.push(...(await inAllLooks(page, 'new job')));
    await dashboard.client.loginPassphrase('four words apart together');
    await dashboard.client.createKey({ label: 'One', role: 'viewer' });
    await page.goto(`${dashboard.url}/keys`);
    await page.getByRole('button', { name: 'Revoke' }).waitFor();
    found.push(...(await inAllLooks(page, 'keys')));
    await page.getByRole('button', { name: 'New key' }).click();
    found.push(...(await inAllLooks(page, 'a dialog')));
    await page.goto(`${dashboard.url}/you`);
    await page.getByRole('heading', { name: 'Passkeys' }).waitFor();
    found.push(...(await inAllLooks(page, 'you')));
    await page.goto(`${dashboard.url}/nowhere`);
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
    found.push(...(await inAllLooks(page, 'not found')));
    expect(found).toEqual([]);
  }, 180_000);
});
