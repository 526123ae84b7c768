import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { PassphraseFile } from '../../application/access/ports.ts';
import { passphraseRecordSchema } from '../../application/access/records.ts';
import { ConfigurationError } from '../../domain/errors/index.ts';
import { replaceFile } from '../process/replaceFile.ts';

const FILE = 'passphrase.json';
const MAX_BYTES = 4096;
const GROUP_AND_OTHERS = 0o077;

const absent = z.object({ code: z.literal('ENOENT') });

const record = z
  .string()
  .transform((text, ctx) => {
    try {
      const value: unknown = JSON.parse(text);
      return value;
    } catch {
      ctx.addIssue('is no JSON');
      return z.NEVER;
    }
  })
  .pipe(passphraseRecordSchema);

/** The passphrase's hash in the state folder, in a file of its owner's alone. */
export const passphraseFileIn = (stateDir: string): PassphraseFile => {
  const file = path.join(stateDir, FILE);
  const unusable = (why: string, hint: string): ConfigurationError =>
    new ConfigurationError(`${file} cannot be used: ${why}.`, { hint });

  return {
    read: async () => {
      let handle: Awaited<ReturnType<typeof open>>;
      try {
        handle = await open(file, 'r');
      } catch (thrown) {
        if (absent.safeParse(thrown).success) return undefined;
        throw unusable('it cannot be read', 'Check its owner and mode: it must be yours, with mode 600.');
      }
      try {
        const { mode, size } = await handle.stat();
        if (process.platform !== 'win32' && mode & GROUP_AND_OTHERS) {
          throw unusable('other users may read or write it', `Make it yours alone: chmod 600 ${file}`);
        }
        const parsed = size > MAX_BYTES ? undefined : record.safeParse(await handle.readFile('utf8'));
        if (parsed?.success === true) return parsed.data;
        throw unusable(
          'it is damaged',
          'Remove it, then set a passphrase anew with `claude-orchestrator init`.',
        );
      } finally {
        await handle.close();
      }
    },
    write: async (value) => {
      await mkdir(stateDir, { recursive: true, mode: 0o700 });
      await replaceFile(file, `${JSON.stringify(value, null, 2)}\n`);
    },
  };
};
