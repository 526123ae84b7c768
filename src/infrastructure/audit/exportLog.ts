import { open } from 'node:fs/promises';
import { exportLine } from '../../application/auditing/chain.ts';
import { openLogFile } from './logFile.ts';

const CHUNK = 64 * 1024;

/**
 * Hands out the entries behind `after` as lines of JSON, oldest first, about 64 kB at a time.
 * @returns how many there were. @throws NotFoundError where there is no log.
 */
export const exportLog = async (
  database: string,
  after: number,
  onText: (lines: string) => void | Promise<void>,
): Promise<number> => {
  const log = openLogFile(database);
  let count = 0;
  let lines = '';
  try {
    for (const row of log.rows(after)) {
      lines += `${exportLine(row)}\n`;
      count += 1;
      if (lines.length < CHUNK) continue;
      await onText(lines);
      lines = '';
    }
    if (lines !== '') await onText(lines);
    return count;
  } finally {
    log.close();
  }
};

/** The same into a new file of its owner's alone. @throws what the disk refused, a file that is there already too. */
export const exportLogTo = async (file: string, database: string, after: number): Promise<number> => {
  const handle = await open(file, 'wx', 0o600);
  try {
    return await exportLog(database, after, async (lines) => {
      await handle.write(lines);
    });
  } finally {
    await handle.close();
  }
};
