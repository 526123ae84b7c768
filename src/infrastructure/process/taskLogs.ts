import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import type { TaskLogs } from '../../application/ports/taskLogs.ts';
import { LIMITS } from '../../domain/limits.ts';
import { TaskLog } from './taskLog.ts';

/** A batch is written when it is this old, milliseconds, or this long, characters. */
const BATCH_MS = 100;
const BATCH_CHARACTERS = 256 * 1024;
/** Logs whose end is remembered; of others it is read again from the disk. */
const OPEN_LOGS = 512;

/**
 * Bounded logs of tasks below `dir`, a folder a task. Batches are written synchronously: a quarter of a
 * megabyte into the page cache takes less than the queueing around it, and memory stays bounded however fast
 * a worker prints. An append never throws: what went wrong is told by the next `flush`.
 */
export const createTaskLogs = (dir: string, bytes: number = LIMITS.taskLogBytes): TaskLogs => {
  let timer: NodeJS.Timeout | undefined;
  let fault: unknown;
  const waiting = new Set<TaskLog>();
  /** By folder: a log that was forgotten and is read again is another object. */
  const followers = new Map<string, Set<() => void>>();

  const write = (log: TaskLog): void => {
    waiting.delete(log);
    try {
      log.write();
    } catch (error) {
      fault ??= error;
    }
    for (const tell of followers.get(log.folder) ?? []) tell();
  };
  const writeAll = (): void => {
    clearTimeout(timer);
    timer = undefined;
    for (const log of waiting) write(log);
  };

  const logs = new LRUCache<string, TaskLog>({ max: OPEN_LOGS, dispose: write });
  const logOf = (job: string, task: string): TaskLog => {
    const folder = join(dir, job, folderName(task));
    let log = logs.get(folder);
    if (log === undefined) {
      log = new TaskLog(folder, bytes);
      logs.set(folder, log);
    }
    return log;
  };

  return {
    append: (job, task, text) => {
      const log = logOf(job, task);
      waiting.add(log);
      if (log.append(text) >= BATCH_CHARACTERS) write(log);
      // It does not keep the process alive: whoever ends it calls flush.
      timer ??= setTimeout(writeAll, BATCH_MS).unref();
    },
    read: async (job, task, offset, limit) => logOf(job, task).read(offset, limit),
    follow: (job, task, onGrowth) => {
      const { folder } = logOf(job, task);
      const told = followers.get(folder) ?? new Set();
      followers.set(folder, told.add(onGrowth));
      return () => {
        told.delete(onGrowth);
        if (told.size === 0) followers.delete(folder);
      };
    },
    flush: async () => {
      writeAll();
      const met = fault;
      fault = undefined;
      if (met !== undefined) throw met;
    },
  };
};

/** Tasks `a` and `A` are two, also where the file system does not tell them apart; ids have no "+". */
const folderName = (task: string): string =>
  task.replaceAll(/[A-Z]/g, (letter) => `+${letter.toLowerCase()}`);
