import { spawnSync } from 'node:child_process';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import {
  type Dashboard,
  enterByLink,
  enterByPassphrase,
  PASSPHRASE,
  setPassphrase,
  startDashboard,
} from '../support/browser/dashboard.ts';
import { jobIs, nodeOf } from '../support/browser/jobs.ts';
import { describeInBrowser, NO_MISDEEDS } from '../support/browser/page.ts';
import { eventually } from '../support/processes.ts';
import { bash, makeSandbox, type Sandbox, says } from '../support/sandbox.ts';
import { PROGRAM } from '../support/server.ts';

const FILE = 'kept.txt';

/** A job whose only worker asks for `command`. @returns its id and that of the approval that waits. */
const asked = async (dashboard: Dashboard, sandbox: Sandbox, command = `rm ${FILE}`) => {
  const { job_id } = await dashboard.client.submit({
    request: 'Tidy up.',
    workspace: sandbox.repository,
    tasks: [{ id: 'tidy', prompt: `Tidy. ${bash(command)}${says('went on')}` }],
  });
  const { approval_id } = await eventually('the request', async () => {
    const { approvals } = await dashboard.client.approvals({ job_id, limit: 1 });
    return approvals[0];
  });
  return { jobId: job_id, approvalId: approval_id };
};

const started = async () => {
  const sandbox = await makeSandbox({ files: { [FILE]: 'of worth\n' } });
  const dashboard = await startDashboard(sandbox);
  await setPassphrase(sandbox);
  return { sandbox, dashboard };
};

/** Whether the file is still there on the job's branch; a job that changed nothing has none. */
const isKept = (sandbox: Sandbox, jobId: string): boolean =>
  sandbox.git('branch', '--list', `orchestrator/${jobId}`).trim() === '' ||
  sandbox.git('ls-tree', '--name-only', `orchestrator/${jobId}`, FILE) !== '';

const plugInAuthenticator = async (page: Page): Promise<void> => {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
    },
  });
};

const addPasskey = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Add this device' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a passkey' });
  await dialog.getByLabel('Name').fill('This laptop');
  await dialog.getByLabel('Passphrase').fill(PASSPHRASE);
  await dialog.getByRole('button', { name: 'Add' }).click();
  await page.getByRole('listitem').filter({ hasText: 'This laptop' }).waitFor();
};

describeInBrowser('approvals by a person', (openPage) => {
  it('a request appears by itself, is denied by keys, and the worker goes on without the call', async () => {
    const { sandbox, dashboard } = await started();
    const { page, misdeeds } = await openPage();
    await page.goto(dashboard.url);
    await enterByPassphrase(page);
    const { jobId } = await asked(dashboard, sandbox);
    await page.getByRole('link', { name: 'Approvals 1 wait for a decision' }).waitFor();
    await page.waitForFunction(() => document.title.startsWith('1 to approve'));
    await page.keyboard.press('w');
    await page.getByRole('link', { name: new RegExp(`rm ${FILE}`) }).press('Enter');
    await page.getByRole('heading', { name: 'May a worker use Bash?' }).waitFor();
    await page.getByText('in git, unchanged').waitFor();
    await page.keyboard.press('d');
    await page.getByRole('dialog', { name: 'Deny this call' }).waitFor();
    await page.keyboard.type('It is of worth.');
    await page.keyboard.press('Control+Enter');
    await page.getByText('denied by passphrase: It is of worth.').waitFor();
    await page.goto(`${dashboard.url}/jobs/${jobId}`);
    await jobIs(page, 'Succeeded');
    expect(isKept(sandbox, jobId)).toBe(true);
    expect(await page.locator('.place-count').count()).toBe(0);
    expect(misdeeds).toEqual(NO_MISDEEDS);
  });

  it('a passkey signs exactly what runs, which the audit log proves to anyone later', async () => {
    const { sandbox, dashboard } = await started();
    const { page, misdeeds } = await openPage();
    await plugInAuthenticator(page);
    await page.goto(`${dashboard.url}/you`);
    await enterByPassphrase(page);
    await addPasskey(page);
    await page.getByRole('button', { name: 'Sign out' }).click();
    // The agent's session: the signature alone is the person's.
    await enterByLink(page, dashboard);
    const { jobId, approvalId } = await asked(dashboard, sandbox);
    await page.goto(`${dashboard.url}/jobs/${jobId}`);
    await page
      .getByRole('region', { name: '1 call waits for your decision' })
      .getByRole('link', { name: `rm ${FILE}` })
      .click();
    await page.waitForURL(`**/approvals/${approvalId}`);
    await page.getByText('Your passkey approves, whoever is signed in').waitFor();
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('button', { name: 'Approve with passkey' }).click();
    await page.getByText(/approved by passkey/).waitFor();
    await page.goto(`${dashboard.url}/jobs/${jobId}`);
    await jobIs(page, 'Succeeded');
    expect(isKept(sandbox, jobId)).toBe(false);

    await page.goto(`${dashboard.url}/login?next=/audit`);
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await page.getByRole('searchbox').fill('approval.approved');
    await page.locator('.audit-item summary').click();
    await page.getByText('credential_id').waitFor();
    const verified = spawnSync(process.execPath, [PROGRAM, 'audit', 'verify', '--approvals'], {
      cwd: sandbox.root,
      env: sandbox.env,
      encoding: 'utf8',
    });
    expect(verified.status, verified.stdout + verified.stderr).toBe(0);
    expect(misdeeds).toEqual(NO_MISDEEDS);
  });

  it('whoever is late reads who was first; a code that the page shows lets an agent carry the decision', async () => {
    const { sandbox, dashboard } = await started();
    const { page, misdeeds } = await openPage();
    const { jobId, approvalId } = await asked(dashboard, sandbox);
    await page.goto(`${dashboard.url}/approvals/${approvalId}`);
    await enterByPassphrase(page);
    await page.getByRole('button', { name: 'Show a one-time code' }).click();
    const code = (await page.getByLabel('The code').textContent()) ?? '';
    expect(code).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    await page.getByRole('button', { name: 'Close' }).last().click();
    await page.getByRole('button', { name: 'Deny' }).click();
    await page.getByRole('dialog').waitFor();
    await dashboard.client.decide({ approval_id: approvalId, decision: 'approve', reason: 'told so', code });
    await page
      .getByRole('alert')
      .getByText(/person has decided already: approved by one-time code/)
      .waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.goto(`${dashboard.url}/jobs/${jobId}`);
    await jobIs(page, 'Succeeded');
    expect(isKept(sandbox, jobId)).toBe(false);
    expect(misdeeds).toEqual(NO_MISDEEDS);
  });

  it('a hostile command is text with nothing hidden, on a phone too, and a parked task is hatched', async () => {
    const sandbox = await makeSandbox({
      files: { [FILE]: 'of worth\n' },
      env: { ORCHESTRATOR_APPROVAL_HOLD: '1' },
    });
    const dashboard = await startDashboard(sandbox);
    await setPassphrase(sandbox);
    const { page, misdeeds } = await openPage({ viewport: { width: 360, height: 800 } });
    const { jobId, approvalId } = await asked(
      dashboard,
      sandbox,
      `rm ${FILE}; echo '<img src=x onerror="globalThis.ran=1"> \u202etxt.exe\u200b'`,
    );
    await page.goto(`${dashboard.url}/approvals/${approvalId}`);
    await enterByPassphrase(page);
    const call = page.getByRole('region', { name: 'The call of' });
    await call.getByText('onerror=').waitFor();
    expect(await call.locator('.unseen').allTextContents()).toEqual(['U+202E', 'U+200B']);
    expect(await call.locator('img').count()).toBe(0);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await page.goto(`${dashboard.url}/jobs/${jobId}`);
    await nodeOf(page, 'tidy').and(page.locator('.is-parked')).waitFor();
    await page.goto(`${dashboard.url}/approvals/${approvalId}`);
    await page.getByRole('button', { name: 'Deny' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Deny', exact: true }).click();
    await page.getByText(/denied by passphrase/).waitFor();
    await page.goto(`${dashboard.url}/jobs/${jobId}`);
    await jobIs(page, 'Succeeded');
    expect(isKept(sandbox, jobId)).toBe(true);
    expect(await page.evaluate(() => Reflect.get(globalThis, 'ran'))).toBeUndefined();
    expect(misdeeds).toEqual(NO_MISDEEDS);
  });
});
