import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { describeInBrowser, NO_MISDEEDS } from '../../../support/browser/page.ts';
import { AGENT, type McpOverHttp, startMcpHttp } from '../../../support/mcp/httpServer.ts';
import { buildView } from './buildView.ts';
import { type Asked, type Shown, serveViewHost, showView, type ViewHost } from './viewHost.ts';

const HOSTILE = '<img src=x onerror="window.hurt=1"><script>window.hurt=1</script>';
const TASKS = [
  { id: 'parser', prompt: `Mend the parser ${HOSTILE}`, verify: 'npm test' },
  { id: 'printer', prompt: 'Mend the printer', depends_on: ['parser'] },
  { id: 'docs', prompt: 'Tell of it', depends_on: ['printer'] },
];
const jobSchema = z.looseObject({ structuredContent: z.looseObject({ job_id: z.string() }) });

describeInBrowser('the job view in a client that shows views', (openPage) => {
  let folder: string;
  let http: McpOverHttp;
  let client: Client;
  let host: ViewHost;
  let html: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'job-view-'));
    const built = await buildView(folder);
    http = await startMcpHttp({ appView: async () => built });
    client = new Client({ name: 'host', version: '1' }, { versionNegotiation: { mode: 'auto' } });
    await client.connect(
      new StreamableHTTPClientTransport(new URL(http.url), {
        requestInit: { headers: { authorization: `Bearer ${AGENT}` } },
      }),
    );
    const { contents } = await client.readResource({ uri: 'ui://claude-orchestrator/job' });
    const [view] = contents;
    html = view !== undefined && 'text' in view ? view.text : '';
    host = await serveViewHost(html);
  });
  afterAll(async () => {
    await client?.close();
    await host?.close();
    await http?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const move = (job_id: string, task_id: string, message: string) =>
    client.callTool({ name: 'job_steer', arguments: { job_id, task_id, action: 'message', message } });

  const show = async (asked?: Asked, within = host) => {
    const { page, misdeeds } = await openPage({ viewport: { width: 900, height: 1000 } });
    const input = { request: `Mend it ${HOSTILE}`, workspace: '/w', tasks: TASKS };
    const result = await client.callTool({ name: 'orchestrate', arguments: input });
    const job_id = jobSchema.parse(result).structuredContent.job_id;
    const shown = await showView(page, within, client, asked);
    await shown.tell('sendToolInput', { arguments: input });
    await shown.tell('sendToolResult', result);
    return { page, misdeeds, job_id, shown, view: page.frameLocator('iframe') };
  };
  const node = (view: FrameLocator, task: string) => view.locator(`.graph-node[data-task="${task}"]`);
  const changes = ({ calls }: Shown) => calls.filter(({ name }) => name !== 'job_status');
  const inView = (page: Page, script: string): Promise<unknown> | undefined =>
    page.frames().at(-1)?.evaluate(script);

  it('shows the tasks of the call beside it and follows them while they move', async () => {
    const { view, job_id, misdeeds } = await show();
    for (const { id } of TASKS) await node(view, id).waitFor();
    expect(await view.locator('.graph-frame .graph-edge').count()).toBe(2);
    expect(await view.locator('.app-rows > li').count()).toBe(3);
    await move(job_id, 'parser', 'start');
    await view.locator('.graph-node.is-running[data-task="parser"]').waitFor();
    await move(job_id, 'parser', 'done');
    await view.locator('.graph-node.is-done[data-task="parser"]').waitFor();
    await view.getByText('1 of 3 done').waitFor();
    await view.getByRole('tab', { name: 'Timeline' }).click();
    await view.locator('.wf-bar[data-task="parser"]').waitFor();
    await move(job_id, 'parser', 'finish');
    await view.locator('.badge', { hasText: 'Succeeded' }).waitFor();
    expect(misdeeds).toEqual(NO_MISDEEDS);
  });

  it('shows a job whose call is still under way', async () => {
    const { shown, job_id, view, page } = await show();
    await node(view, 'parser').waitFor();
    await page.reload();
    await view.getByText('Waiting for the job').waitFor();
    await shown.tell('sendToolInput', { arguments: { job_id, wait_seconds: 45 } });
    await node(view, 'parser').waitFor();
  });

  it('takes what tasks are called and say as text', async () => {
    const { view, page, job_id, misdeeds } = await show();
    await move(job_id, 'parser', 'done');
    await view.locator('.graph-node.is-done[data-task="parser"]').waitFor();
    await view.locator('[data-row="parser"] > button').click();
    await view.getByText('I did it. evil').waitFor();
    expect(await view.locator('.job-request h1').textContent()).toContain('<img src=x onerror=');
    expect(await view.locator('[data-row="parser"] .app-row-title').textContent()).toContain('<script>');
    expect(await view.locator('#app img, #app script').count()).toBe(0);
    expect(await inView(page, 'window.hurt')).toBeUndefined();
    expect(misdeeds).toEqual(NO_MISDEEDS);
  });

  it('asks before it cancels, and then has the host call the tool', async () => {
    const { view, shown, job_id } = await show();
    await node(view, 'parser').waitFor();
    await view.getByRole('button', { name: 'Cancel job' }).click();
    const dialog = view.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Leave it' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(changes(shown)).toEqual([]);
    await view.getByRole('button', { name: 'Cancel job' }).click();
    await dialog.getByRole('button', { name: 'Cancel the job' }).click();
    await view.locator('.badge', { hasText: 'Cancelled' }).waitFor();
    expect(changes(shown)).toMatchObject([{ name: 'job_cancel', arguments: { job_id } }]);
    expect(await view.getByRole('button', { name: 'Cancel job' }).count()).toBe(0);
  });

  it('asks before it skips a task, which is chosen in the graph or in the list', async () => {
    const { view, shown, job_id } = await show();
    await node(view, 'printer').click();
    const row = view.locator('[data-row="printer"]');
    await row.getByRole('button', { name: 'Skip' }).click();
    await view.getByRole('dialog').getByRole('button', { name: 'Skip it' }).click();
    await view.locator('.graph-node.is-skipped[data-task="printer"]').waitFor();
    expect(changes(shown)).toMatchObject([
      { name: 'job_steer', arguments: { job_id, task_id: 'printer', action: 'skip' } },
    ]);
  });

  it('tells what a tool refused, and goes on as it was', async () => {
    const words = 'It has ended already. Look at job_result.';
    const refusal = { isError: true, content: [{ type: 'text' as const, text: words }] };
    const { view } = await show({ answer: ({ name }) => (name === 'job_cancel' ? refusal : undefined) });
    await view.getByRole('button', { name: 'Cancel job' }).click();
    await view.getByRole('dialog').getByRole('button', { name: 'Cancel the job' }).click();
    await view.getByText(words).waitFor();
    await view.locator('.badge', { hasText: 'Running' }).waitFor();
  });

  it('says when it hears nothing any more, and goes on by itself when it does again', async () => {
    let isGone = false;
    const { view, job_id } = await show({
      answer: () => {
        if (isGone) throw new Error('The server is gone.');
        return undefined;
      },
    });
    await node(view, 'parser').waitFor();
    isGone = true;
    await view.locator('.job-stream.is-lost').waitFor();
    expect(await node(view, 'parser').count()).toBe(1);
    await move(job_id, 'parser', 'start');
    isGone = false;
    await view.locator('.graph-node.is-running[data-task="parser"]').waitFor();
    await view.locator('.job-stream.is-live').waitFor();
  });

  it("wears the host's theme and colours, also when they change", async () => {
    const { view, page } = await show({ context: { theme: 'dark' } });
    await node(view, 'parser').waitFor();
    expect(await inView(page, 'getComputedStyle(document.documentElement).colorScheme')).toBe('dark');
    const look = {
      theme: 'light',
      styles: { variables: { '--color-background-primary': 'rgb(255, 250, 240)' } },
    };
    await page.evaluate(`window.bridge.setHostContext(${JSON.stringify(look)})`);
    await view.locator('html[data-theme="light"]').waitFor();
    expect(await inView(page, 'getComputedStyle(document.documentElement).backgroundColor')).toBe(
      'rgb(255, 250, 240)',
    );
  });

  it('is as high as its content, so that the host needs no second scroll bar', async () => {
    const { view, page } = await show();
    await node(view, 'docs').waitFor();
    await expect
      .poll(() => inView(page, 'innerHeight > 400 && document.documentElement.scrollHeight - innerHeight'), {
        timeout: 10_000,
      })
      .toBe(0);
  });

  it('has the host open the dashboard, at the task that is chosen', async () => {
    const { view, shown, job_id } = await show();
    await node(view, 'parser').click();
    await view.getByRole('button', { name: 'Open in the dashboard' }).click();
    await expect.poll(() => shown.links).toEqual([`${new URL(http.url).origin}/jobs/${job_id}/tasks/parser`]);
  });

  it('finds the dashboard of a server that was started after its page was read', async () => {
    const early = await serveViewHost(
      html.replace(/&quot;dashboard&quot;:&quot;[^&]*&quot;/, '&quot;x&quot;:1'),
    );
    onTestFinished(() => early.close());
    const { view } = await show({}, early);
    await view.getByRole('button', { name: 'Open in the dashboard' }).waitFor();
  });

  it('with the core tools offers no change that there is no tool for', async () => {
    const core = await serveViewHost(html.replace('&quot;full&quot;', '&quot;core&quot;'));
    onTestFinished(() => core.close());
    const { view } = await show({}, core);
    await node(view, 'parser').click();
    await view.locator('[data-row="parser"] .app-details').waitFor();
    for (const name of ['Cancel job', 'Skip', 'Cancel task'])
      expect(await view.getByRole('button', { name }).count()).toBe(0);
  });

  it('offers nothing that its host cannot do, and still shows the job', async () => {
    const { view, shown } = await show({ capabilities: {} });
    await view.locator('[data-row="parser"]').waitFor();
    await view.getByText('lets the view ask for no news').waitFor();
    for (const name of ['Cancel job', 'Open in the dashboard'])
      expect(await view.getByRole('button', { name }).count()).toBe(0);
    expect(shown.calls).toEqual([]);
  });
});
