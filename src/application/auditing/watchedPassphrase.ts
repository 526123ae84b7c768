import { createHash } from 'node:crypto';
import type { PassphraseFile } from '../access/ports.ts';
import type { PassphraseRecord } from '../access/records.ts';
import { canonicalJson } from '../canonicalJson.ts';
import type { Seen } from './settingWatch.ts';

/** When it was set, and a short hash by which one record is told from another; nothing to guess by. */
const shown = (record: PassphraseRecord): NonNullable<Seen> => ({
  set_at: new Date(record.created_at).toISOString(),
  record: createHash('sha256').update(canonicalJson(record)).digest('hex').slice(0, 16),
});

/** The file of the passphrase, whose every change is heard as soon as the server looks at it. */
export const watchedPassphrase = (file: PassphraseFile, onSeen: (seen: Seen) => void): PassphraseFile => ({
  read: async () => {
    const record = await file.read();
    onSeen(record && shown(record));
    return record;
  },
  write: (record) => file.write(record),
});
