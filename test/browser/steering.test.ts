import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { enterByLink, startDashboard } from '../support/browser/dashboard.ts';
import { go, jobIs, nodeOf, waitForGo, working } from '../support/browser/jobs.ts';
import { describeInBrowser, NO_MISDEEDS } from '../support/browser/page.ts';
import { eventually } from '../support/processes.ts';
import { bash, makeSandbox, type Sandbox, says } from '../support/sandbox.ts';

const waitForGoOnceRetried = ({ root }: Sandbox): string =>
  bash(`until [ ! -e ${root}/retried ] || [ -e ${root}/go ]; do sleep 0.1; done`);

describeInBrowser('steering from the page', (openPage) => {
  it('a message and a comment on a line of the diff reach the running worker', async () => {
    const sandbox = await makeSandbox();
    const dashboard = await startDashboard(sandbox);
    const { job_id } = await dashboard.client.submit({
      request: 'Listen.',
      workspace: sandbox.repository,
      tasks: [
        { id: 'first', prompt: `First. ${bash('echo a line to talk about > talk.txt')}${says('first')}` },
        {
          id: 'listen',
          depends_on: ['first'],
          verify: `test -e ${sandbox.root}/retried`,
          prompt: `Listen. ${bash(`test ! -e ${sandbox.root}/retried || touch ${sandbox.root}/working`)}${waitForGoOnceRetried(sandbox)}${says('heard')}`,
        },
      ],
    });
    // What is merged can be commented on: a job that failed in part has something to show while it is mended.
    const { page, misdeeds } = await openPage();
    await enterByLink(page, dashboard);
    await page.goto(`${dashboard.url}/jobs/${job_id}`);
    await jobIs(page, 'Failed');
    writeFileSync(path.join(sandbox.root, 'retried'), '');
    await page.getByRole('button', { name: 'Retry' }).click();
    await page.getByRole('button', { name: 'Run again' }).click();
    await working(sandbox);
    await page.locator('g.graph-node[data-task="listen"].is-running').waitFor();
    await nodeOf(page, 'listen').click();
    const panel = page.getByRole('dialog', { name: 'listen' });
    await panel.getByLabel('Message to the worker').fill('WORD-BY-THE-FORM');
    await panel.getByRole('button', { name: 'Send' }).click();
    await page.getByText('Sent to the worker.').waitFor();
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });

    await page.getByRole('region', { name: 'Changes' }).scrollIntoViewIfNeeded();
    await page.locator('.diff-line').getByText('a line to talk about').click();
    const comment = page.getByLabel(/Comment on/).last();
    await comment.fill('WORD-BY-THE-COMMENT');
    await page.getByRole('button', { name: 'Send to worker' }).click();
    await page.locator('.diff-comment').waitFor({ state: 'detached' });
    go(sandbox);
    await jobIs(page, 'Succeeded');
    const heard = JSON.stringify(sandbox.api.bodies);
    expect(heard).toContain('WORD-BY-THE-FORM');
    expect(heard).toContain('at talk.txt:1');
    expect(heard).toContain('WORD-BY-THE-COMMENT');
    const { events } = await dashboard.client.events(job_id, 0, 1000);
    expect(events.filter(({ type }) => type === 'task.message').map(({ message }) => message)).toEqual([
      'WORD-BY-THE-FORM',
      expect.stringContaining('> a line to talk about'),
    ]);
    expect(misdeeds).toEqual(NO_MISDEEDS);
  });

  it('cancelling asks first, then stops the worker', async () => {
    const sandbox = await makeSandbox();
    const dashboard = await startDashboard(sandbox);
    const { job_id } = await dashboard.client.submit({
      request: 'Wait for ever.',
      workspace: sandbox.repository,
      tasks: [{ id: 'wait', prompt: `Wait. ${waitForGo(sandbox)}${says('waited')}` }],
    });
    const { page } = await openPage();
    await enterByLink(page, dashboard);
    await page.goto(`${dashboard.url}/jobs/${job_id}`);
    await working(sandbox);
    await page.getByRole('button', { name: 'Cancel job' }).click();
    const asking = page.getByRole('dialog', { name: 'Cancel this job?' });
    await asking.getByRole('button', { name: 'Leave it' }).click();
    expect((await dashboard.client.status(job_id)).status).toBe('running');
    await page.getByRole('button', { name: 'Cancel job' }).click();
    await asking.getByRole('button', { name: 'Cancel the job' }).click();
    await jobIs(page, 'Cancelled');
    await eventually('no worker', async () => (await dashboard.client.workers()).busy === 0);
    // What a cancelled job cannot do is not offered.
    expect(await page.getByRole('button', { name: 'Retry' }).count()).toBe(0);
  });

  it('a failed task says why, and is run again from its panel to a good end', async () => {
    const sandbox = await makeSandbox();
    const dashboard = await startDashboard(sandbox);
    const good = path.join(sandbox.root, 'good');
    const { job_id } = await dashboard.client.submit({
      request: 'Fail, then not.',
      workspace: sandbox.repository,
      tasks: [
        {
          id: 'try',
          prompt: `Try. ${bash('echo tried > tried.txt')}${says('tried')}`,
          verify: `test -e ${good} || { echo THE-REASON; exit 1; }`,
        },
      ],
    });
    const { page, misdeeds } = await openPage();
    await enterByLink(page, dashboard);
    await page.goto(`${dashboard.url}/jobs/${job_id}/tasks/try`);
    await jobIs(page, 'Failed');
    const panel = page.getByRole('dialog', { name: 'try' });
    await panel.getByRole('tab', { name: 'Log' }).waitFor();
    await panel.getByRole('log').getByText('THE-REASON').first().waitFor();
    await panel.getByRole('tab', { name: 'Errors' }).click();
    await panel.getByText('What to do:').first().waitFor();
    writeFileSync(good, '');
    await panel.getByRole('button', { name: 'Run again' }).click();
    await page
      .getByRole('dialog', { name: 'Run this task again?' })
      .getByRole('button', { name: 'Run again' })
      .click();
    await jobIs(page, 'Succeeded');
    expect((await dashboard.client.status(job_id)).status).toBe('succeeded');
    expect(misdeeds).toEqual(NO_MISDEEDS);
  });
});
