import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FileSystemError } from '../../domain/errors/index.ts';

/** A file of a log, named by the number of characters that were written before its first one. */
export type Segment = { readonly start: number; readonly path: string };

const NAME = /^(\d+)\.log$/;

/** The segments of a log, oldest first; none where nothing was written yet. */
export const listSegments = (folder: string): readonly Segment[] =>
  names(folder)
    .flatMap((name) => {
      const start = NAME.exec(name)?.[1];
      return start === undefined ? [] : [{ start: Number(start), path: join(folder, name) }];
    })
    .toSorted((a, b) => a.start - b.start);

const names = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw failure('read', error);
  }
};

/** A segment is small (1 MB at most), and its characters can only be counted by reading it. */
export const readSegment = ({ path }: Segment): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw failure('read', error);
  }
};

/** Readable by its owner only: workers print what they see. */
export const appendToSegment = (folder: string, start: number, text: string): void => {
  const path = join(folder, `${start}.log`);
  try {
    try {
      appendFileSync(path, text, { mode: 0o600 });
    } catch {
      // The folder is made, or made again, when its absence is met: no check before every append.
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      appendFileSync(path, text, { mode: 0o600 });
    }
  } catch (error) {
    throw failure('written', error);
  }
};

export const removeSegment = ({ path }: Segment): void => {
  try {
    rmSync(path, { force: true });
  } catch (error) {
    throw failure('shortened', error);
  }
};

const failure = (how: string, cause: unknown): FileSystemError =>
  new FileSystemError(`A task's log could not be ${how}.`, {
    hint: 'Check that the state directory is writable and its disk is not full; claude-orchestrator doctor does.',
    cause,
  });
