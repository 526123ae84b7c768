import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { type Dashboard, enterByLink, startDashboard } from '../support/browser/dashboard.ts';
import { go, jobIs, waitForGo, working } from '../support/browser/jobs.ts';
import { describeInBrowser, NO_MISDEEDS } from '../support/browser/page.ts';
import { bash, makeSandbox, says } from '../support/sandbox.ts';

/** Keeps, in the page, the number of every event of one job that any of its streams brought. */
const keepNumbers = async (page: Page): Promise<void> => {
  await page.addInitScript(() => {
    const numbers: number[] = [];
    Object.assign(globalThis, { numbers });
    const real = globalThis.fetch;
    globalThis.fetch = async (...request) => {
      const answer = await real(...request);
      if (!/\/jobs\/[^/]+\/events/.test(String(request[0])) || answer.body === null) return answer;
      const [ours, theirs] = answer.body.tee();
      void (async () => {
        let text = '';
        try {
          for await (const piece of ours.pipeThrough(new TextDecoderStream())) {
            text += piece;
            const whole = text.lastIndexOf('\n\n');
            for (const line of text.slice(0, Math.max(0, whole)).split('\n'))
              if (line.startsWith('id:')) numbers.push(Number(line.slice(3)));
            text = whole < 0 ? text : text.slice(whole);
          }
        } catch {
          // The connection broke, which is what this is about.
        }
      })();
      return new Response(theirs, answer);
    };
  });
};
const numbersIn = (page: Page): Promise<unknown> => page.evaluate('numbers');

const from1To = (last: number): readonly number[] => Array.from({ length: last }, (_, at) => at + 1);

/** Numbers of all events that the server knows of the job. */
const numbersOf = async (dashboard: Dashboard, jobId: string): Promise<readonly number[]> =>
  (await dashboard.client.events(jobId, 0, 1000)).events.map(({ seq }) => seq);

describeInBrowser('a server that is started anew', (openPage) => {
  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    const way = signal === 'SIGKILL' ? 'killed' : 'stopped in good order';
    it(`${way}: the page says so, comes back by itself, and shows every event once`, async () => {
      const sandbox = await makeSandbox({ env: { ORCHESTRATOR_DRAIN_SECONDS: '0' } });
      const first = await startDashboard(sandbox);
      const { job_id } = await first.client.submit({
        request: 'Outlive the server.',
        workspace: sandbox.repository,
        tasks: [
          { id: 'before', prompt: `Before. ${bash('echo a > a.txt')}${says('BEFORE-THE-BREAK')}` },
          {
            id: 'across',
            depends_on: ['before'],
            prompt: `Across. ${waitForGo(sandbox)}${bash('echo b > b.txt')}${says('AFTER-THE-BREAK')}`,
          },
        ],
      });
      const { page, misdeeds } = await openPage();
      await keepNumbers(page);
      await enterByLink(page, first);
      await page.goto(`${first.url}/jobs/${job_id}`);
      await working(sandbox);
      await page.locator('g.graph-node[data-task="across"].is-running').waitFor();
      await first.stop(signal);

      await page.getByText('Connection lost, reconnecting.').waitFor();
      await page.waitForFunction(() => document.title.startsWith('offline'));
      // What was known stays on the page.
      expect(await page.locator('g.graph-node[data-task="before"].is-done').count()).toBe(1);
      const second = await startDashboard(sandbox, { port: first.port });
      await page.getByText('Connection lost, reconnecting.').waitFor({ state: 'detached' });
      await page.locator('.job-stream').getByText('live', { exact: true }).waitFor();
      go(sandbox);
      await jobIs(page, 'Succeeded');
      const known = await numbersOf(second, job_id);
      await page.waitForFunction((last) => Reflect.get(globalThis, 'numbers').at(-1) === last, known.at(-1));
      expect(known).toEqual(from1To(known.length));
      expect(await numbersIn(page)).toEqual(known);
      // The log, too, is whole: nothing of it twice, nothing left out.
      await page.locator('g.graph-node[data-task="across"]').click();
      await page.getByRole('log').getByText('AFTER-THE-BREAK').first().waitFor();
      expect(misdeeds).toEqual(NO_MISDEEDS);
    });
  }

  it('the log of a task goes on where it broke', async () => {
    const sandbox = await makeSandbox({ env: { ORCHESTRATOR_DRAIN_SECONDS: '0' } });
    const first = await startDashboard(sandbox);
    const { job_id } = await first.client.submit({
      request: 'Talk on.',
      workspace: sandbox.repository,
      tasks: [
        {
          id: 'talk',
          prompt: `Talk. ${bash('echo ONE')}${waitForGo(sandbox)}${bash('echo TWO')}${says('THREE')}`,
        },
      ],
    });
    const { page } = await openPage({ viewport: { width: 1280, height: 2400 } });
    await enterByLink(page, first);
    await page.goto(`${first.url}/jobs/${job_id}/tasks/talk`);
    await working(sandbox);
    await page.getByRole('log').getByText('echo ONE').first().waitFor();
    await first.stop('SIGKILL');
    await page.getByText(/rows · connection lost/).waitFor();
    const second = await startDashboard(sandbox, { port: first.port });
    go(sandbox);
    await jobIs(page, 'Succeeded');
    await page.getByRole('log').getByText('THREE').first().waitFor();
    const { text } = await second.client.taskOutput({ job_id, task_id: 'talk', offset: 0, limit: 100_000 });
    const rows = text.replace(/\n$/, '').split('\n');
    await page.getByText(new RegExp(`^${rows.length} rows`)).waitFor();
    const shown = await page.locator('.task-log-row').allTextContents();
    expect(shown).toHaveLength(rows.length);
    expect(shown.filter((row) => row.includes('THREE'))).toHaveLength(
      rows.filter((row) => row.includes('THREE')).length,
    );
  });
});
