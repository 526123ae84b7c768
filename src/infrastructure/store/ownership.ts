import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { ConflictError } from '../../domain/errors/index.ts';
import { isAlive } from '../process/isAlive.ts';
import { replaceFile } from '../process/replaceFile.ts';
import { makePrivateFile, makePrivateFolder } from './privateFolder.ts';
import { isBusy, storageError } from './storageError.ts';

const LOCK_FILE = 'owner.lock';
const NAME_FILE = 'owner.json';

/** Two that come in the same instant may each see the other's half-taken lock: SQLite then tries again. */
const LOCK_WAIT_MS = 100;
/** How long a refused process waits for the winner to write its name. */
const NAME_WAIT_MS = 400;

const ownerSchema = z.object({
  pid: z.number().int(),
  /** ISO 8601. */
  since: z.string(),
});
type Owner = z.infer<typeof ownerSchema>;

/** A claim that its caller forgot must not be collected: closing the file would free the lock. */
const heldLocks = new Set<DatabaseSync>();

export type StateDirClaim = { release(): Promise<void> };

/**
 * Makes this process the only one that works in a state directory, until `release` or its death.
 *
 * The lock is SQLite's own lock on a file of its own, held by an open exclusive transaction: the kernel frees
 * it when the process dies, however it dies, so a dead owner needs no finding out and a reused pid fools
 * nobody. Children do not inherit it. `owner.json` only tells the name.
 * @throws ConflictError naming the owner, in under a second · FileSystemError
 */
export const claimStateDir = async (dir: string): Promise<StateDirClaim> => {
  const lock = await lockIn(dir);
  const name = join(dir, NAME_FILE);
  try {
    await writeOwner(name, { pid: process.pid, since: new Date().toISOString() });
  } catch (thrown) {
    lock.close();
    throw storageError('Claiming the state directory', thrown);
  }
  heldLocks.add(lock);
  return {
    release: async () => {
      if (!heldLocks.delete(lock)) return;
      // The name goes first: once the lock is free, the file may be the next owner's.
      await rm(name, { force: true });
      lock.close();
    },
  };
};

const lockIn = async (dir: string): Promise<DatabaseSync> => {
  let lock: DatabaseSync | undefined;
  try {
    await makePrivateFolder(dir);
    const path = join(dir, LOCK_FILE);
    await makePrivateFile(path);
    lock = new DatabaseSync(path);
    lock.exec(`pragma busy_timeout = ${LOCK_WAIT_MS}`);
    lock.exec('begin exclusive');
    return lock;
  } catch (thrown) {
    lock?.close();
    throw isBusy(thrown) ? await ownedError(dir) : storageError('Claiming the state directory', thrown);
  }
};

const writeOwner = (path: string, owner: Owner): Promise<void> =>
  replaceFile(path, `${JSON.stringify(owner)}\n`);

const ownedError = async (dir: string): Promise<ConflictError> => {
  const owner = await readOwner(join(dir, NAME_FILE));
  const who = owner === undefined ? 'another process' : `process ${owner.pid}, since ${owner.since}`;
  return new ConflictError(`The state directory is in use by ${who}.`, {
    hint: 'Use that server, or end it: `claude-orchestrator stop`; where it is the `mcp --in-process` of a client, close that client. Or set ORCHESTRATOR_STATE_DIR to another directory for this one.',
    context: { ...owner },
  });
};

/** The owner that holds the lock now: a name left by a dead one is waited out, since the new one writes its own. */
const readOwner = async (path: string): Promise<Owner | undefined> => {
  const deadline = Date.now() + NAME_WAIT_MS;
  for (;;) {
    const owner = await readName(path);
    if (owner !== undefined && isAlive(owner.pid)) return owner;
    if (Date.now() >= deadline) return undefined;
    await sleep(20);
  }
};

const readName = async (path: string): Promise<Owner | undefined> => {
  try {
    return ownerSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
};
