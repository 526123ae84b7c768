import { createHmac } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { replaceFile } from '../process/replaceFile.ts';

/** How a server of this user is found. The token holds the role `agent` and no more. */
export const serverRecordSchema = z.object({
  pid: z.number().int().positive(),
  url: z.url(),
  token: z.string().min(32),
  version: z.string(),
});
export type ServerRecord = z.infer<typeof serverRecordSchema>;

const fileOf = (stateDir: string): string => path.join(stateDir, 'server.json');
const portFileOf = (stateDir: string): string => path.join(stateDir, 'last-port');

/** By rename, so that nobody reads half a record; readable by this user only. */
export const writeServerRecord = async (stateDir: string, record: ServerRecord): Promise<void> => {
  await replaceFile(fileOf(stateDir), `${JSON.stringify(record, null, 2)}\n`);
  // Kept after the end: a page that is open finds the next server where this one was.
  await replaceFile(portFileOf(stateDir), `${new URL(record.url).port}\n`);
};

/** @returns undefined where there is none, or where it cannot be read as one. */
export const readServerRecord = async (stateDir: string): Promise<ServerRecord | undefined> => {
  try {
    return serverRecordSchema.parse(JSON.parse(await readFile(fileOf(stateDir), 'utf8')));
  } catch {
    return undefined;
  }
};

/** Removes the record where it is still this process's own. */
export const removeServerRecord = async (stateDir: string): Promise<void> => {
  if ((await readServerRecord(stateDir))?.pid === process.pid) await rm(fileOf(stateDir), { force: true });
};

/** Removes a record that no server stands behind any more. Only by who has the turn to start one. */
export const dropStaleRecord = (stateDir: string): Promise<void> => rm(fileOf(stateDir), { force: true });

/** @returns the port that the last server of this state directory listened on; 0 where there was none. */
export const lastPort = async (stateDir: string): Promise<number> => {
  const text = await readFile(portFileOf(stateDir), 'utf8').catch(() => '');
  const port = Number(text.trim());
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : 0;
};

/**
 * What a server answers to a challenge, to prove that it is the one that wrote the record, before anybody sends
 * it the token: the record may be stale, and its port a stranger's by now. Nothing can be learnt from it.
 */
export const proofOf = (token: string, challenge: string): string =>
  createHmac('sha256', token).update(`server:${challenge}`).digest('hex');
