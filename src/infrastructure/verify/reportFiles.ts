import { constants } from 'node:fs';
import { lstat, open, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX_REPORT } from './formats/junit.ts';

/** Where runners put JUnit reports by default or custom. */
const PLACES = [
  { folder: '', file: /^(junit|test-results|report)\.xml$/i },
  { folder: 'reports', file: /\.xml$/i },
  { folder: 'test-results', file: /\.xml$/i },
  { folder: 'target/surefire-reports', file: /\.xml$/i },
  { folder: 'build/test-results/test', file: /\.xml$/i },
] as const;

const MAX_FILES = 500;

/** Report files by path, each with a mark that changes when it is written. */
export type ReportFiles = ReadonlyMap<string, string>;

/**
 * The report files that stand in a folder now. Links are not followed: what a worker left there could name a
 * file of someone else's, or a pipe that never ends.
 */
export const listReports = async (root: string): Promise<ReportFiles> => {
  const found = new Map<string, string>();
  const real = await realpath(root).catch(() => root);
  for (const { folder, file } of PLACES) {
    const path = join(real, folder);
    if ((await realpath(path).catch(() => undefined)) !== path) continue;
    const names = (await readdir(path).catch(() => [])).filter((name) => file.test(name)).toSorted();
    for (const name of names.slice(0, MAX_FILES)) {
      const entry = await lstat(join(path, name), { bigint: true }).catch(() => undefined);
      if (entry?.isFile() === true && entry.size <= MAX_REPORT) {
        found.set(join(path, name), `${entry.ino} ${entry.size} ${entry.mtimeNs} ${entry.ctimeNs}`);
      }
    }
  }
  return found;
};

/**
 * Texts of the reports that were written since `before`. Compared by mark and not by time: clocks of file
 * systems run apart from ours.
 */
export const readNewReports = async (root: string, before: ReportFiles): Promise<readonly string[]> => {
  const texts: string[] = [];
  for (const [path, mark] of await listReports(root)) {
    if (before.get(path) === mark) continue;
    const text = await readPlainFile(path).catch(() => undefined);
    if (text !== undefined) texts.push(text);
  }
  return texts;
};

const readPlainFile = async (path: string): Promise<string | undefined> => {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    return (await file.stat()).isFile() ? await file.readFile('utf8') : undefined;
  } finally {
    await file.close();
  }
};
