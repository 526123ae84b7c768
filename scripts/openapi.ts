import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createAccess } from '../src/application/access/createAccess.ts';
import { createPasskeyVerifier } from '../src/infrastructure/access/passkeyVerifier.ts';
import { passphraseFileIn } from '../src/infrastructure/access/passphraseFile.ts';
import { createScryptHasher } from '../src/infrastructure/access/scryptHasher.ts';
import { nodeSecrets } from '../src/infrastructure/access/secrets.ts';
import { credentialsOver } from '../src/infrastructure/store/credentials.ts';
import { openDatabase } from '../src/infrastructure/store/database.ts';
import { systemClock } from '../src/infrastructure/system/systemClock.ts';
import { createLogger } from '../src/infrastructure/telemetry/logger.ts';
import { createAuthRoutes } from '../src/presentation/auth/authRoutes.ts';
import { createKeyRoutes } from '../src/presentation/auth/keyRoutes.ts';
import { OpenStreams } from '../src/presentation/http/openStreams.ts';
import { apiDocument } from '../src/presentation/rest/document/document.ts';
import type { ApiDocument } from '../src/presentation/rest/document/shape.ts';
import { createRestRoutes } from '../src/presentation/rest/rest.ts';

/** The document of the whole API. What the routes would work with is there, since they want it, and not used. */
export const wholeDocument = async (): Promise<ApiDocument> => {
  const folder = mkdtempSync(path.join(tmpdir(), 'openapi-'));
  const database = await openDatabase(path.join(folder, 'none.sqlite'));
  try {
    const access = createAccess({
      store: credentialsOver(database),
      secrets: nodeSecrets,
      passphraseFile: passphraseFileIn(folder),
      hasher: createScryptHasher(),
      passkeys: createPasskeyVerifier(() => ({ id: 'localhost', origins: [] })),
      tokens: undefined,
      localToken: 'none',
      clock: systemClock,
      logger: await createLogger({ level: 'ERROR', format: 'json', stream: { write: () => undefined } }),
    });
    return apiDocument([
      createRestRoutes({ streams: new OpenStreams(), clock: systemClock }),
      createKeyRoutes(access, new OpenStreams()),
      createAuthRoutes({ access, settings: { publicUrl: 'http://localhost' }, streams: new OpenStreams() }),
    ]);
  } finally {
    database.connection.close();
    rmSync(folder, { recursive: true, force: true });
  }
};

export const openApiText = async (): Promise<string> =>
  `${JSON.stringify(await wholeDocument(), undefined, 2)}\n`;

// Run after a change of the API: node scripts/openapi.ts
if (import.meta.main) {
  writeFileSync(path.join(import.meta.dirname, '..', 'docs', 'openapi.json'), await openApiText());
}
