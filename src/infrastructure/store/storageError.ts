import { z } from 'zod';
import { ConflictError, FileSystemError, OrchestratorError } from '../../domain/errors/index.ts';

/** What `node:sqlite` throws; `errcode` is SQLite's extended result code, the primary one in its low byte. */
const sqliteErrorSchema = z.object({
  code: z.literal('ERR_SQLITE_ERROR'),
  errcode: z.number(),
  message: z.string(),
});

const systemErrorSchema = z.object({ code: z.string(), syscall: z.string(), message: z.string() });

// https://sqlite.org/rescode.html
const BUSY = 5;
const LOCKED = 6;
const CORRUPT = 11;
const FULL = 13;
const CONSTRAINT = 19;
const NOT_A_DATABASE = 26;

/** @returns SQLite's primary result code, or undefined where it was not SQLite that threw. */
export const sqliteCode = (thrown: unknown): number | undefined => {
  const parsed = sqliteErrorSchema.safeParse(thrown);
  return parsed.success ? parsed.data.errcode & 0xff : undefined;
};

/** True where only the call that made the statement is at fault, and the transaction can go on. */
export const isConstraint = (thrown: unknown): boolean => sqliteCode(thrown) === CONSTRAINT;

/** True where the disk takes no more now, and may take more later. */
export const isFull = (thrown: unknown): boolean => sqliteCode(thrown) === FULL;

/** True where another connection holds the file. */
export const isBusy = (thrown: unknown): boolean => {
  const code = sqliteCode(thrown);
  return code === BUSY || code === LOCKED;
};

const hintFor = (code: number | undefined): string => {
  switch (code) {
    case FULL:
      return 'Free space on the disk of the state directory, then try again.';
    case BUSY:
    case LOCKED:
      return 'Close the other program that has the database of the state directory open, then try again.';
    case CORRUPT:
    case NOT_A_DATABASE:
      return 'Move the database (with its -wal and -shm files) out of the state directory, or put a backup in its place.';
    default:
      return 'Check that the state directory is writable and its disk is healthy (claude-orchestrator doctor), then try again.';
  }
};

/**
 * What the disk or SQLite refused, as one of ours. Everything else passes unchanged.
 * @param what the thing that could not be done, as the subject of a sentence: "The change".
 */
export const storageError = (what: string, thrown: unknown): unknown => {
  if (thrown instanceof OrchestratorError) return thrown;
  const code = sqliteCode(thrown);
  const system = systemErrorSchema.safeParse(thrown);
  if (code === undefined && !system.success) return thrown;
  if (code === CONSTRAINT) {
    return new ConflictError(`${what} was refused: it contradicts what is stored.`, {
      hint: 'Read the job with job_status and decide again.',
      cause: thrown,
    });
  }
  return new FileSystemError(
    `${what} failed: ${thrown instanceof Error ? thrown.message : String(thrown)}.`,
    {
      hint: hintFor(code),
      retryable: code !== CORRUPT && code !== NOT_A_DATABASE,
      cause: thrown,
      context: code === undefined ? {} : { sqliteCode: code },
    },
  );
};
