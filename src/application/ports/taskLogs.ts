import type { JobId, TaskId } from '../../domain/ids.ts';

/** Bounded logs of tasks, on disk. */
export interface TaskLogs {
  /** Appends; head and tail are kept, the cut is marked. */
  append(job: JobId, task: TaskId, text: string): void;
  /** @returns characters from `offset`, the whole size, and where to go on (undefined at the end). */
  read(
    job: JobId,
    task: TaskId,
    offset: number,
    limit: number,
  ): Promise<{ text: string; size: number; nextOffset: number | undefined }>;
  /** Calls `onGrowth` after a batch was added that can be read; ends with the returned function. */
  follow(job: JobId, task: TaskId, onGrowth: () => void): () => void;
  flush(): Promise<void>;
}
