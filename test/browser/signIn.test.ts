import { expect, it } from 'vitest';
import {
  enterByLink,
  enterByPassphrase,
  PASSPHRASE,
  setPassphrase,
  startDashboard,
} from '../support/browser/dashboard.ts';
import { describeInBrowser, NO_MISDEEDS } from '../support/browser/page.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { onTerminal } from '../support/terminal.ts';

/** Sets the passphrase as a person does: `init` on a terminal, typing. */
const typeInit = async (sandbox: Sandbox, passphrase: string): Promise<string> => {
  const { shown } = await onTerminal(
    sandbox,
    ['init'],
    [
      [/New passphrase/, passphrase],
      [/same again/, passphrase],
      [/such an answer/, ''],
    ],
  );
  return shown;
};

describeInBrowser('signing in', (openPage) => {
  it('the one-time link opens the dashboard for one browser, and nobody after it', async () => {
    const sandbox = await makeSandbox();
    const dashboard = await startDashboard(sandbox);
    const first = await openPage();
    await first.page.goto(dashboard.url);
    await first.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    const link = await dashboard.client.dashboardLink();
    await first.page.goto(link);
    await first.page.getByRole('heading', { name: 'No jobs yet' }).waitFor();
    expect(new URL(first.page.url()).pathname).toBe('/');
    expect(await first.page.context().cookies()).toEqual([
      expect.objectContaining({ httpOnly: true, sameSite: 'Strict' }),
    ]);
    const second = await openPage();
    const refused = await second.page.goto(link);
    expect(refused?.status()).toBe(410);
    await second.page.getByText('claude-orchestrator dashboard').waitFor();
    await second.page.goto(dashboard.url);
    await second.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect([first.misdeeds, second.misdeeds]).toEqual([NO_MISDEEDS, NO_MISDEEDS]);
  });

  it('a passphrase that init set opens it as a person, who adds a passkey and comes back by it', async () => {
    const sandbox = await makeSandbox();
    const dashboard = await startDashboard(sandbox);
    expect(await typeInit(sandbox, PASSPHRASE)).toContain('The passphrase is set');
    const { page, misdeeds } = await openPage();
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
    await page.goto(`${dashboard.url}/you`);
    await page.getByRole('textbox', { name: 'Passphrase' }).fill('not the passphrase at all');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    await enterByPassphrase(page);
    await page.getByText('the passphrase', { exact: true }).waitFor();

    await page.getByRole('button', { name: 'Add this device' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a passkey' });
    await dialog.getByLabel('Name').fill('This laptop');
    await dialog.getByLabel('Passphrase').fill(PASSPHRASE);
    await dialog.getByRole('button', { name: 'Add' }).click();
    await page.getByRole('listitem').filter({ hasText: 'This laptop' }).waitFor();

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await page.getByText('a passkey', { exact: true }).waitFor();
    await page.getByText('used', { exact: false }).first().waitFor();
    expect(misdeeds).toEqual(NO_MISDEEDS);
  });

  it('a key is shown once, opens what its role may, and opens nothing once it is revoked', async () => {
    const sandbox = await makeSandbox();
    const dashboard = await startDashboard(sandbox);
    await setPassphrase(sandbox);
    const { page, misdeeds } = await openPage();
    await page.goto(`${dashboard.url}/keys`);
    await enterByPassphrase(page);
    await page.getByRole('button', { name: 'New key' }).click();
    const asking = page.getByRole('dialog', { name: 'New API key' });
    await asking.getByLabel('What it is for').fill('The wall screen');
    await asking.getByRole('radio', { name: /^viewer/ }).check();
    await asking.getByRole('button', { name: 'Make the key' }).click();
    const showing = page.getByRole('dialog', { name: /The wall screen/ });
    const secret = await showing.getByLabel('The secret').inputValue();
    expect(secret).toMatch(/^co_/);
    await showing.getByRole('button', { name: 'I have it' }).click();
    await page.reload();
    const row = page.getByRole('listitem').filter({ hasText: 'The wall screen' });
    await row.waitFor();
    expect(await page.content()).not.toContain(secret);

    const viewer = await openPage();
    await viewer.page.goto(dashboard.url);
    await viewer.page.getByText('API key', { exact: true }).first().click();
    await viewer.page.getByRole('textbox', { name: 'API key' }).fill(secret);
    await viewer.page.getByRole('button', { name: 'Sign in' }).click();
    await viewer.page.getByRole('heading', { name: 'No jobs yet' }).waitFor();
    // What would be refused is not offered.
    expect(await viewer.page.getByRole('link', { name: 'New job' }).count()).toBe(0);
    expect(await viewer.page.getByRole('link', { name: 'Keys' }).count()).toBe(0);

    await row.getByRole('button', { name: 'Revoke' }).click();
    const revoking = page.getByRole('dialog', { name: /Revoke/ });
    await revoking.getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('1 revoked').waitFor();
    // Its session ends with it, and the page says so by itself.
    await viewer.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await viewer.page.getByText('API key', { exact: true }).first().click();
    await viewer.page.getByRole('textbox', { name: 'API key' }).fill(secret);
    await viewer.page.getByRole('button', { name: 'Sign in' }).click();
    await viewer.page.getByRole('alert').waitFor();
    expect([misdeeds, viewer.misdeeds]).toEqual([NO_MISDEEDS, NO_MISDEEDS]);
  });

  it('the agent’s session makes no keys and no passkeys, and says what could', async () => {
    const sandbox = await makeSandbox();
    const dashboard = await startDashboard(sandbox);
    const { page } = await openPage();
    await enterByLink(page, dashboard);
    expect(await page.getByRole('link', { name: 'Keys' }).count()).toBe(0);
    await page.goto(`${dashboard.url}/keys`);
    await page.getByRole('heading', { name: 'Keys are for admins' }).waitFor();
    await page.goto(`${dashboard.url}/you`);
    await page.getByText('What this session cannot do').waitFor();
    expect(await page.getByRole('button', { name: 'Add this device' }).count()).toBe(0);
  });
});
