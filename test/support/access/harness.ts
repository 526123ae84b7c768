import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  type AccessControl,
  type AccessDeps,
  createAccess,
} from '../../../src/application/access/createAccess.ts';
import { createPassphraseSetting } from '../../../src/application/access/passphrase.ts';
import type { CredentialStore } from '../../../src/application/access/ports.ts';
import type { Clock } from '../../../src/application/ports/system.ts';
import { createPasskeyVerifier } from '../../../src/infrastructure/access/passkeyVerifier.ts';
import { passphraseFileIn } from '../../../src/infrastructure/access/passphraseFile.ts';
import { createScryptHasher } from '../../../src/infrastructure/access/scryptHasher.ts';
import { nodeSecrets } from '../../../src/infrastructure/access/secrets.ts';
import { credentialsOver } from '../../../src/infrastructure/store/credentials.ts';
import { openDatabase } from '../../../src/infrastructure/store/database.ts';
import { createLogger } from '../../../src/infrastructure/telemetry/logger.ts';

export const LOCAL_TOKEN = 'col_the-token-of-this-user';
export const PASSPHRASE = 'four words apart together';
export const START = Date.UTC(2026, 0, 2, 3, 4, 5);

/** Weaker than the product's, so that tests do not wait. */
export const HASHER = createScryptHasher({ n: 2 ** 14, r: 1, p: 1 });

/** A clock that the test moves; it sleeps by moving on at once, and remembers for how long. */
export const testClock = (start = START) => {
  let now = start;
  const slept: number[] = [];
  const clock: Clock = {
    now: () => now,
    sleep: async (ms) => {
      slept.push(ms);
      now += ms;
    },
  };
  const advance = (ms: number): void => {
    now += ms;
  };
  return { clock, slept, advance };
};

export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'access-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

export type Harness = {
  readonly folder: string;
  readonly file: string;
  readonly access: AccessControl;
  readonly store: CredentialStore;
  readonly time: ReturnType<typeof testClock>;
  /** The whole log as text. */
  readonly logText: () => string;
  /** Messages under SECURITY. */
  readonly security: () => readonly string[];
  readonly setPassphrase: (passphrase?: string, old?: string) => Promise<void>;
  readonly close: () => void;
};

export type HarnessOptions = {
  readonly folder?: string;
  readonly time?: ReturnType<typeof testClock>;
  readonly origins?: () => readonly string[];
  readonly part?: Partial<AccessDeps>;
};

/** Credentials over a real database and real files in a folder that goes with the test. */
export const openAccess = async (o: HarnessOptions = {}): Promise<Harness> => {
  const folder = o.folder ?? temporaryFolder();
  const time = o.time ?? testClock();
  const lines: string[] = [];
  const logger = await createLogger({
    level: 'DEBUG',
    format: 'json',
    stream: { write: (line: string) => void lines.push(line) },
  });
  const file = join(folder, 'orchestrator.sqlite');
  const database = await openDatabase(file);
  const close = (): void => {
    if (database.connection.isOpen) database.connection.close();
  };
  onTestFinished(close);
  const store = credentialsOver(database);
  const passphraseFile = passphraseFileIn(folder);
  const setting = createPassphraseSetting({ file: passphraseFile, hasher: HASHER, clock: time.clock });
  return {
    folder,
    file,
    store,
    time,
    close,
    access: createAccess({
      store,
      secrets: nodeSecrets,
      passphraseFile,
      hasher: HASHER,
      passkeys: createPasskeyVerifier(() => ({
        id: 'localhost',
        origins: o.origins?.() ?? ['http://localhost:7777'],
      })),
      tokens: undefined,
      localToken: LOCAL_TOKEN,
      clock: time.clock,
      logger,
      ...o.part,
    }),
    logText: () => lines.join(''),
    security: () =>
      lines.flatMap((line) => {
        const { category, message } = JSON.parse(line);
        return category === 'SECURITY' ? [String(message)] : [];
      }),
    setPassphrase: (passphrase = PASSPHRASE, old = undefined) => setting.set(passphrase, old),
  };
};
