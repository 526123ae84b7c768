import type { Page } from 'playwright-core';
import { createPassphraseSetting } from '../../../src/application/access/passphrase.ts';
import { passphraseFileIn } from '../../../src/infrastructure/access/passphraseFile.ts';
import { createScryptHasher } from '../../../src/infrastructure/access/scryptHasher.ts';
import { systemClock } from '../../../src/infrastructure/system/systemClock.ts';
import { createClient, type OrchestratorClient } from '../../../src/presentation/client/index.ts';
import { endOf, serverRecord } from '../localServer.ts';
import { eventually } from '../processes.ts';
import type { Sandbox } from '../sandbox.ts';
import { startRaw } from '../server.ts';

export const PASSPHRASE = 'four words apart together';
const WORDS_KEPT = 4000;

/** The built server of a sandbox, as its user's agents and its browser reach it. */
export type Dashboard = {
  readonly pid: number;
  readonly port: number;
  /** `http://localhost:PORT`, where the one-time link leads: a cookie and a passkey belong to a name. */
  readonly url: string;
  /** With the token of server.json. */
  readonly client: OrchestratorClient;
  /** Ends when the process has ended. */
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
};

/** Starts `serve` of the built program; it goes with the test. */
export const startDashboard = async (
  sandbox: Sandbox,
  o: { readonly port?: number } = {},
): Promise<Dashboard> => {
  const child = startRaw(sandbox, ['serve', ...(o.port === undefined ? [] : ['--port', String(o.port)])]);
  const { pid } = child;
  if (pid === undefined) throw new Error('the server did not start');
  let words = '';
  child.stdout?.resume();
  child.stderr?.on('data', (chunk: Buffer) => {
    words = `${words}${chunk.toString()}`.slice(-WORDS_KEPT);
  });
  const record = await eventually('the record of the server', () => {
    if (child.exitCode !== null) throw new Error(`the server ended at once: ${words}`);
    const found = serverRecord(sandbox);
    return found?.pid === pid ? found : undefined;
  });
  const port = Number(new URL(record.url).port);
  return {
    pid,
    port,
    url: `http://localhost:${port}`,
    client: createClient({ url: record.url, apiKey: record.token }),
    stop: async (signal) => {
      child.kill(signal);
      await endOf(pid);
    },
  };
};

/** Opens the dashboard as whoever has this user's token does. */
export const enterByLink = async (page: Page, dashboard: Dashboard): Promise<void> => {
  await page.goto(await dashboard.client.dashboardLink());
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
};

/** Sets the person's passphrase, by a hash that is cheap to check: the real cost has a test of its own. */
export const setPassphrase = (sandbox: Sandbox): Promise<void> =>
  createPassphraseSetting({
    file: passphraseFileIn(sandbox.env.ORCHESTRATOR_STATE_DIR ?? ''),
    hasher: createScryptHasher({ n: 2 ** 14, r: 1, p: 1 }),
    clock: systemClock,
  }).set(PASSPHRASE, undefined);

/** Signs in on the page that shows the form. */
export const enterByPassphrase = async (page: Page, passphrase = PASSPHRASE): Promise<void> => {
  await page.getByRole('textbox', { name: 'Passphrase' }).fill(passphrase);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
};
