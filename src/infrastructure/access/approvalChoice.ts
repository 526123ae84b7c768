import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import {
  type ElicitationRecord,
  type ElicitationSetting,
  elicitationRecordSchema,
} from '../../application/approving/elicitationChoice.ts';
import type { Clock } from '../../application/ports/system.ts';
import { replaceFile } from '../process/replaceFile.ts';

const FILE = 'approvals.json';
const MAX_BYTES = 4096;
const GROUP_AND_OTHERS = 0o077;

/** The file's text; undefined where others than its owner could have written it, or it is no such record. */
const textOf = async (file: string): Promise<string | undefined> => {
  const handle = await open(file, 'r');
  try {
    const stat = await handle.stat();
    if (!stat.isFile() || stat.size > MAX_BYTES) return undefined;
    if (process.platform !== 'win32' && stat.mode & GROUP_AND_OTHERS) return undefined;
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
};

/** What the person chose about approvals, in the state folder, in a file of its owner's alone. */
export const approvalChoiceIn = (stateDir: string, clock: Pick<Clock, 'now'>): ElicitationSetting => {
  const file = path.join(stateDir, FILE);
  return {
    elicitationChoice: async () => {
      try {
        const text = await textOf(file);
        const record = elicitationRecordSchema.safeParse(JSON.parse(text ?? ''));
        return record.data?.elicitation ?? 'deny_only';
      } catch {
        // Absent, unreadable or damaged: whatever it was, nobody's word for more stands here.
        return 'deny_only';
      }
    },
    choose: async (elicitation) => {
      const record: ElicitationRecord = {
        version: 1,
        elicitation,
        chosen_at: new Date(clock.now()).toISOString(),
      };
      await mkdir(stateDir, { recursive: true, mode: 0o700 });
      await replaceFile(file, `${JSON.stringify(record, null, 2)}\n`);
    },
  };
};
