import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { SessionAnswer } from '../../../../src/presentation/wire/session.ts';
import { describeInBrowser, NO_MISDEEDS, type Opened } from '../../../support/browser/page.ts';
import { twelveTasks } from '../job/support/sampleJob.ts';
import { type ApprovalServer, CODE, serveApprovals } from './support/approvalServer.ts';
import { buildDashboard } from './support/buildDashboard.ts';
import { newPasskey, plugIn } from './support/passkey.ts';
import { sample } from './support/samples.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PERSON: SessionAnswer = {
  principal: 'person',
  roles: ['approver', 'admin'],
  via: 'passphrase',
  expires_at: new Date(Date.now() + 3_600_000).toISOString(),
  person: { passphrase_set: true, passkeys: 0 },
};
const WITH_PASSKEY = { ...PERSON, person: { passphrase_set: true, passkeys: 1 } };
const AGENT: SessionAnswer = { ...WITH_PASSKEY, principal: 'local-agent', roles: ['agent'], via: 'link' };

/** What would run, open or hide if anything of it were more than text. */
const HOSTILE = [
  '<img src=x onerror="globalThis.ran=1"><script>globalThis.ran=1</script>',
  '\u001b[2J\u202e txt.exe \u2066\u200b ⟨U+0007⟩',
  `echo ok${' '.repeat(300)}`,
  'rm -rf src/old',
].join('\n');

describeInBrowser('the approvals pages', (openPage) => {
  let folder: string;
  let server: ApprovalServer;
  const passkey = newPasskey();
  const job = twelveTasks(Date.now(), false);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dashboard-'));
    await buildDashboard(folder);
  });
  beforeEach(async () => {
    server = await serveApprovals(folder, { job, passkey, person: PERSON });
    return () => server.close();
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const visit = async (path: string, options: BrowserContextOptions = {}): Promise<Opened> => {
    const opened = await openPage(options);
    await opened.page.goto(server.origin + path);
    await opened.page.getByRole('navigation', { name: 'Main' }).waitFor();
    return opened;
  };
  const pathOf = (number: number): string => `/approvals/${sample(number).approval_id}`;
  const places = (page: Page) => page.getByRole('navigation', { name: 'Main' });

  it('lists what waits, opens it, and denies it by keys with a reason that the worker is told', async () => {
    server.approvals.push(sample(1), sample(2, { command: 'git push --force', reasons: [] }));
    const { page, misdeeds } = await visit('/');
    const wants = page.getByRole('region', { name: 'Wants you' });
    await wants.getByRole('link', { name: /rm -rf src\/old/ }).waitFor();
    await places(page).getByRole('link', { name: 'Approvals 2 wait for a decision' }).waitFor();
    await page.keyboard.press('w');
    await page.waitForURL('**/approvals');
    await page.getByRole('link', { name: /rm -rf src\/old/ }).press('Enter');
    await page.getByRole('heading', { name: 'May a worker use Bash?' }).waitFor();
    // A stray key decides nothing: it only asks once more, where letters are text.
    await page.keyboard.press('d');
    const dialog = page.getByRole('dialog', { name: 'Deny this call' });
    await dialog.waitFor();
    await page.keyboard.type('dad: keep it');
    await page.keyboard.press('Enter');
    expect(server.decisions).toEqual([]);
    await page.keyboard.press('Control+Enter');
    await page.getByRole('heading', { name: 'Denied' }).waitFor();
    expect(server.decisions).toEqual([{ decision: 'deny', reason: 'dad: keep it' }]);
    await page.getByText('denied by passphrase: dad: keep it').waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
    // One's own decision is no one else's, though the stream tells of it first.
    expect(await page.getByRole('alert').count()).toBe(0);
    await places(page).getByRole('link', { name: 'Approvals 1 wait for a decision' }).waitFor();
    await page.getByRole('link', { name: 'Next of 1 that wait' }).click();
    await page.getByText('git push --force').first().waitFor();
    expect(misdeeds).toEqual(NO_MISDEEDS);
  });

  it('a pressed a decides nothing, nor a held one, nor a and Enter', async () => {
    server.approvals.push(sample(1));
    const { page } = await visit(pathOf(1));
    await page.getByRole('button', { name: 'Approve' }).waitFor();
    for (const key of ['a', 'a', 'a', 'Enter', 'Enter', ' ', 'y']) await page.keyboard.press(key);
    await page.getByRole('dialog', { name: 'Approve exactly this call' }).waitFor();
    expect(server.decisions).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    // By the tab key alone it can be done too.
    await page.getByRole('button', { name: 'Approve' }).press('Enter');
    await page.getByRole('radio', { name: /^3 times/ }).check();
    await page.getByRole('dialog').getByRole('button', { name: 'Approve', exact: true }).press('Enter');
    await page.getByRole('heading', { name: 'Approved' }).waitFor();
    expect(server.decisions).toEqual([{ decision: 'approve', reason: '', uses: 3 }]);
  });

  it('approves by a passkey that signs this very approval, in an agent’s session too', async () => {
    server.session = AGENT;
    server.approvals.push(sample(1), sample(2));
    const { page, misdeeds } = await visit(pathOf(1));
    await plugIn(page, passkey);
    await page.getByText('Your passkey approves, whoever is signed in').waitFor();
    expect(await page.getByRole('button', { name: 'Show a one-time code' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('button', { name: 'Approve with passkey' }).click();
    await page.getByRole('heading', { name: 'Approved' }).waitFor();
    expect(server.decisions).toEqual([
      expect.objectContaining({ decision: 'approve', passkey: expect.objectContaining({ flow: 'f1' }) }),
    ]);
    expect(server.approvals[1]?.status).toBe('pending');
    expect(misdeeds).toEqual(NO_MISDEEDS);
  });

  it('a passkey that another one holds is refused, and the request stays', async () => {
    server.session = WITH_PASSKEY;
    server.approvals.push(sample(1));
    const { page } = await visit(pathOf(1));
    await plugIn(page, newPasskey());
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('button', { name: 'Approve with passkey' }).click();
    await page
      .getByRole('dialog')
      .getByRole('alert')
      .getByText('The passkey’s answer is not good.')
      .waitFor();
    expect(server.approvals[0]?.status).toBe('pending');
    await page.getByRole('button', { name: 'Approve without a passkey' }).click();
    await page.getByRole('heading', { name: 'Approved' }).waitFor();
  });

  it('who cannot approve is told what can, signs in, and comes back to the request', async () => {
    server.session = { ...AGENT, person: PERSON.person };
    server.approvals.push(sample(1));
    const { page } = await visit(pathOf(1));
    await page.getByText('This session cannot approve').waitFor();
    expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Deny' }).waitFor();
    await page.getByRole('link', { name: 'Sign in as a person' }).click();
    await page.getByRole('textbox', { name: 'Passphrase' }).fill('four words');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`**${pathOf(1)}`);
    await page.getByRole('button', { name: 'Approve' }).waitFor();
    // Nobody can be sent elsewhere from there.
    await page.goto(`${server.origin}/login?next=//evil.invalid`);
    await page.getByRole('textbox', { name: 'Passphrase' }).fill('four words');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${server.origin}/`);
  });

  it('says how to set a person up where there is none', async () => {
    server.session = { ...AGENT, person: { passphrase_set: false, passkeys: 0 } };
    server.approvals.push(sample(1));
    const { page } = await visit(pathOf(1));
    await page.getByText('No person is set up yet, so nobody can approve').waitFor();
    await page.getByText('claude-orchestrator init').waitFor();
    await page.goto(`${server.origin}/you`);
    await page.getByText('No person is set up', { exact: true }).waitFor();
  });

  it('whoever comes too late reads who was first, and sees it decided', async () => {
    const [one, two] = [sample(1), sample(2)];
    server.approvals.push(one, two);
    const { page } = await visit(pathOf(1));
    await page.getByRole('button', { name: 'Deny' }).click();
    server.outrun(one);
    await page.getByRole('dialog').getByRole('button', { name: 'Deny', exact: true }).click();
    await page
      .getByRole('alert')
      .getByText('key:ops has decided already: approved by API key: I looked at it')
      .waitFor();
    await page.getByRole('heading', { name: 'Approved' }).waitFor();
    expect(await page.getByRole('button', { name: 'Deny' }).count()).toBe(0);
    // The same where it is told while somebody is about to decide.
    await page.goto(server.origin + pathOf(2));
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('dialog').waitFor();
    server.decideElsewhere(two, 'deny');
    await page.getByRole('alert').getByText('key:ops has decided already: denied by API key').waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  it('a denial that was told looks denied in list and page, with who and why; no word there is for an agent', async () => {
    const by = { decided_by: 'person', channel: 'passphrase', decision_reason: 'keep it' } as const;
    const next = 'Call job_wait with job_id "job_0123456789abcdef".';
    server.approvals.push(sample(1, { ...by, status: 'used', decision: 'deny', next }));
    const { page, misdeeds } = await visit('/approvals');
    const item = page.getByRole('listitem').filter({ hasText: 'rm -rf src/old' });
    await item.getByText('Denied by person by passphrase: keep it').waitFor();
    await item.getByText('Denied', { exact: true }).waitFor();
    await item.getByRole('link').click();
    await page.getByRole('heading', { name: 'Denied' }).waitFor();
    await page.getByText('Denied by person by passphrase: keep it').waitFor();
    expect(await page.getByText('job_wait').count()).toBe(0);
    expect(misdeeds).toEqual(NO_MISDEEDS);
  });

  it('shows a one-time code to a person, and keeps it nowhere', async () => {
    server.approvals.push(sample(1));
    const { page } = await visit(pathOf(1));
    await page.getByRole('button', { name: 'Show a one-time code' }).click();
    const dialog = page.getByRole('dialog', { name: 'One-time code' });
    expect(await dialog.getByLabel('The code').textContent()).toBe(CODE);
    await dialog.getByText(/Good for (9m|10m)/).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await dialog.waitFor({ state: 'detached' });
    expect(await page.content()).not.toContain(CODE);
    const kept: string = await page.evaluate(
      () => JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage }) + location.href,
    );
    expect(kept).not.toContain(CODE);
  });

  it('offers no more than one run of a CRITICAL call', async () => {
    server.approvals.push(sample(1, { risk: 'CRITICAL', approvers_needed: 2 }));
    const { page } = await visit(pathOf(1));
    await page.getByText('2 people must approve; 0 did.').waitFor();
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await page.getByRole('radio').count()).toBe(0);
  });

  it('a new request shows in badge, title, icon and to those who listen, on every page, after a break too', async () => {
    const { page } = await visit('/system');
    await page.waitForFunction(() => !document.title.includes('to approve'));
    expect(await page.locator('.place-count').count()).toBe(0);
    server.approvals.push(sample(1));
    server.tell('approval.requested');
    await places(page).getByRole('link', { name: 'Approvals 1 wait for a decision' }).waitFor();
    await page.waitForFunction(() => document.title.startsWith('1 to approve'));
    expect(await page.locator('link[rel=icon]').getAttribute('href')).toContain('attention');
    await page.getByRole('status').getByText('A worker asks for approval: risk HIGH, Bash.').waitFor();
    // What came while nobody heard is read as soon as the stream is back.
    server.approvals.push(sample(2), sample(3));
    server.cut();
    await places(page).getByRole('link', { name: 'Approvals 3 wait for a decision' }).waitFor();
    for (const path of ['/', '/you', '/keys', '/new', '/approvals', `/jobs/${job.id}`]) {
      await page.goto(server.origin + path);
      await places(page).getByRole('link', { name: 'Approvals 3 wait for a decision' }).waitFor();
    }
  });

  it('everything that a worker wrote is text, and what would not be seen is spelled out', async () => {
    server.approvals.push(
      sample(1, {
        job_id: job.id,
        command: HOSTILE,
        cwd: `/w/${HOSTILE}`,
        goal: HOSTILE,
        tool: 'mcp__<b>x</b>__y',
        env: { 'A<img>': HOSTILE },
        reasons: [{ code: 'delete', risk: 'HIGH', span: 'rm -rf src/old', text: HOSTILE }],
        touches: [{ path: HOSTILE, access: 'delete', exists: true, files: 10_000, git: 'modified' }],
        files: [{ path: HOSTILE, real_path: HOSTILE, sha256: null }],
        diff: `--- a/x\n+++ b/x\n@@ -0,0 +1,2 @@\n+<img src=x onerror="globalThis.ran=1">\n+a\u202eb\n`,
        decisions: [],
      }),
    );
    const { page, misdeeds } = await visit(pathOf(1));
    const call = page.getByRole('region', { name: 'The call of' });
    await call.waitFor();
    expect(await call.locator('mark').textContent()).toBe('rm -rf src/old');
    expect(await call.locator('.unseen').allTextContents()).toEqual([
      'U+001B',
      'U+202E',
      'U+2066',
      'U+200B',
      'U+0007',
      '300 spaces',
    ]);
    expect(await call.locator('.newline').count()).toBe(3);
    expect(await page.locator('main').textContent()).not.toMatch(
      /[^\P{C}\t\n]|\p{Default_Ignorable_Code_Point}/u,
    );
    expect(await page.locator('main :is(img, script, iframe, b)').count()).toBe(0);
    // The danger stands before the command, wherever in it that is.
    const danger = await page.locator('.danger-span').boundingBox();
    expect(danger?.y).toBeLessThan((await call.boundingBox())?.y ?? 0);
    await page.getByText('10,000 files or more').waitFor();
    await page.getByText('with changes that are not committed').waitFor();
    await page.locator('.diff-line', { hasText: 'a⟨U+202E⟩b' }).waitFor();
    for (const path of ['/approvals', '/', `/jobs/${job.id}`]) {
      await page.goto(server.origin + path);
      await page.getByText('rm -rf src/old').first().waitFor();
    }
    expect(await page.evaluate(() => Reflect.get(globalThis, 'ran'))).toBeUndefined();
    expect(misdeeds).toEqual(NO_MISDEEDS);
  });

  it('the job’s page tells what of it waits, and leads there', async () => {
    server.approvals.push(sample(1, { job_id: job.id }), sample(2, { job_id: 'job_another000000' }));
    const { page } = await visit(`/jobs/${job.id}`);
    const banner = page.getByRole('region', { name: '1 call waits for your decision' });
    await banner.getByRole('link', { name: 'rm -rf src/old' }).click();
    await page.waitForURL(`**${pathOf(1)}`);
  });

  it('the audit log is read newest first, filtered, further back, and says how to verify it', async () => {
    for (let seq = 120; seq > 0; seq -= 1)
      server.audit.push({
        seq,
        at: new Date(Date.UTC(2026, 0, 1, 0, 0, seq)).toISOString(),
        type: seq % 10 === 0 ? 'approval.denied' : 'call.refused',
        actor: 'person',
        approval_id: sample(1).approval_id,
        detail: { reason: HOSTILE, channel: 'passphrase' },
        hash: seq.toString(16).padStart(64, '0'),
      });
    const { page, misdeeds } = await visit('/audit');
    await page.getByText('50 entries', { exact: true }).waitFor();
    await page.getByText('claude-orchestrator audit verify').waitFor();
    expect(await page.locator('.audit-item').first().textContent()).toContain('120');
    await page.getByRole('searchbox').fill('denied');
    await page.getByText('5 of these 50 entries fit').waitFor();
    await page.getByRole('button', { name: 'Further back' }).click();
    await page.getByText('10 of these 100 entries fit').waitFor();
    await page.getByRole('button', { name: 'Further back' }).click();
    await page.getByText('12 of these 120 entries fit').waitFor();
    await page.getByRole('button', { name: 'Further back' }).waitFor({ state: 'detached' });
    await page.locator('.audit-item summary').first().click();
    await page.getByText('passphrase', { exact: true }).first().waitFor();
    expect(await page.evaluate(() => Reflect.get(globalThis, 'ran'))).toBeUndefined();
    expect(misdeeds).toEqual(NO_MISDEEDS);
    server.session = AGENT;
    await page.reload();
    await page.getByRole('heading', { name: 'The audit log is for admins' }).waitFor();
    expect(await places(page).getByRole('link', { name: 'Audit' }).count()).toBe(0);
  });

  for (const [scheme, width] of [
    ['light', 1280],
    ['dark', 1280],
    ['light', 360],
    ['dark', 360],
  ] as const) {
    it(`axe finds nothing serious at ${width} px, ${scheme}, and nothing is wider than the page`, async () => {
      server.session = WITH_PASSKEY;
      server.approvals.push(
        sample(1, {
          job_id: job.id,
          command: `npm run build && rm -rf src/old && echo ${'x'.repeat(300)}`,
          env: { NODE_OPTIONS: '--max-old-space-size=4096' },
          diff: '--- a/x.js\n+++ b/x.js\n@@ -1 +1 @@\n-const a = 1;\n+const a = 2;\n',
          files: [{ path: 'x.sh', real_path: '/w/x.sh', sha256: 'a'.repeat(64) }],
          asked: 3,
        }),
        sample(2),
        sample(3, { status: 'expired' }),
      );
      server.audit.push({
        seq: 1,
        at: new Date().toISOString(),
        type: 'server.started',
        actor: 'server',
        job_id: job.id,
        detail: { version: '1.0.0' },
        hash: 'b'.repeat(64),
      });
      const { page } = await visit(pathOf(1), {
        viewport: { width, height: 800 },
        colorScheme: scheme,
        reducedMotion: 'reduce',
      });
      // Between light and dark nothing but colours differs (`light-dark()` of CSS takes nothing else).
      const rules = scheme === 'light' ? {} : { runOnly: ['color-contrast', 'link-in-text-block'] };
      const look = async (): Promise<void> => {
        await page.evaluate(AXE);
        const found: unknown = await page.evaluate(
          `axe.run(${JSON.stringify(rules)}).then((result) => result.violations.filter((one) => one.impact === "serious" || one.impact === "critical").map((one) => one.id + ": " + one.nodes.slice(0, 3).map((node) => node.html).join(" ")))`,
        );
        expect(found).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
        const shots = process.env.DASHBOARD_SHOTS;
        if (shots !== undefined) {
          const name = new URL(page.url()).pathname.replaceAll('/', '_');
          const dialogs = await page.getByRole('dialog').count();
          await page.screenshot({
            path: join(shots, `${name}-${width}-${scheme}${dialogs > 0 ? '-dialog' : ''}.png`),
            fullPage: dialogs === 0,
          });
        }
      };
      await page.locator('.diff-line').first().waitFor();
      await look();
      await page.keyboard.press('a');
      await page.getByRole('dialog').waitFor();
      await look();
      await page.goto(`${server.origin}/approvals`);
      await page.getByRole('heading', { name: 'Decided lately' }).waitFor();
      await look();
      await page.goto(`${server.origin}/audit`);
      await page.locator('.audit-item').waitFor();
      await look();
      await page.goto(`${server.origin}/`);
      await page.getByRole('region', { name: 'Wants you' }).waitFor();
      await look();
      await page.goto(`${server.origin}/jobs/${job.id}`);
      await page.getByRole('region', { name: /for your decision/ }).waitFor();
      await look();
    });
  }
});
