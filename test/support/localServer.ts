import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { type ServerRecord, serverRecordSchema } from '../../src/infrastructure/daemon/serverFile.ts';
import { isAlive } from '../../src/infrastructure/process/isAlive.ts';
import { eventually } from './processes.ts';
import type { Sandbox } from './sandbox.ts';
import { type ServerUnderTest, startServer } from './server.ts';

export const recordFile = (sandbox: Sandbox): string => path.join(sandbox.root, 'state', 'server.json');

/** What the sandbox's `server.json` says; undefined where there is none. */
export const serverRecord = (sandbox: Sandbox): ServerRecord | undefined =>
  existsSync(recordFile(sandbox))
    ? serverRecordSchema.parse(JSON.parse(readFileSync(recordFile(sandbox), 'utf8')))
    : undefined;

/** The same where there must be one. */
export const recordOf = (sandbox: Sandbox): ServerRecord => {
  const record = serverRecord(sandbox);
  if (record === undefined) throw new Error('there is no server.json');
  return record;
};

/** Processes of this sandbox that run `serve`. */
export const serversOf = (sandbox: Sandbox): readonly number[] =>
  execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => / serve( |$)/.test(line))
    .map((line) => Number(line.trim().split(/\s+/)[0]))
    .filter((pid) => environmentOf(pid).includes(sandbox.root));

const environmentOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return '';
  }
};

/** What has ended and only waits to be taken away by the first process of this machine is gone too. */
const gone = (pid: number): boolean => !isAlive(pid);

/** Ends the sandbox's servers when the test is over, whoever started them. Call it before the first one starts. */
export const endServersAfterwards = (sandbox: Sandbox): void => {
  onTestFinished(async () => {
    const pids = serversOf(sandbox);
    for (const pid of pids) {
      process.kill(pid, 'SIGTERM');
      // Another one, since two of the same kind may arrive as one.
      process.kill(pid, 'SIGINT');
    }
    await eventually('the end of the servers', () => pids.every(gone), 10_000);
  });
};

/** A client over stdio with the thin front between it and the local server. */
export const startFront = async (
  sandbox: Sandbox,
  o: { readonly env?: Record<string, string>; readonly era?: 'classic' | 'modern' } = {},
): Promise<ServerUnderTest> => {
  endServersAfterwards(sandbox);
  return startServer(sandbox, { ...o, args: ['mcp'] });
};

export const endOf = (pid: number, deadlineMs?: number): Promise<true> =>
  eventually(`the end of process ${pid}`, () => gone(pid) && (true as const), deadlineMs);
