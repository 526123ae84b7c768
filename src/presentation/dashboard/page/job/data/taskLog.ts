import { type ReadonlySignal, signal } from '@preact/signals';
import { jsonOf } from '../../data/http.ts';
import { openStream, type StreamState } from '../../data/stream.ts';
import { LogBuffer } from '../model/logBuffer.ts';
import { apiPath } from './paths.ts';

export type TaskLog = {
  readonly buffer: LogBuffer;
  /** Grows with every change of the buffer, at most about eight times a second. */
  readonly version: ReadonlySignal<number>;
  readonly stream: ReadonlySignal<StreamState>;
  close(): void;
};

const PAINT_MS = 120;

/** A task's log from its beginning on, live. Ends with `close`. */
export const openTaskLog = (jobId: string, taskId: string): TaskLog => {
  const buffer = new LogBuffer();
  const version = signal(0);
  const stream = signal<StreamState>('connecting');
  let timer: ReturnType<typeof setTimeout> | undefined;
  let next = 0;
  const close = openStream(apiPath(jobId, 'tasks', taskId, 'log'), {
    onState: (state) => {
      stream.value = state;
    },
    onEvent: (type, data, id) => {
      if (type !== 'log') return;
      const { offset, text } = jsonOf<{ offset: number; text: string }>(data);
      // A piece that was there before a break of the connection comes twice.
      if (offset < next) return;
      next = Math.max(offset + 1, Number(id) || 0);
      buffer.append(text);
      timer ??= setTimeout(() => {
        timer = undefined;
        version.value += 1;
      }, PAINT_MS);
    },
  });
  return {
    buffer,
    version,
    stream,
    close: () => {
      close();
      clearTimeout(timer);
    },
  };
};
