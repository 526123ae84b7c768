import type { ErrorRecord } from '../../domain/task.ts';

export type LogFields = Readonly<Record<string, unknown>> & { readonly error?: ErrorRecord | Error };

export type LogCategory = 'SYSTEM' | 'WORKER' | 'TASK' | 'API' | 'SECURITY';

export interface Logger {
  debug(category: LogCategory, message: string, fields?: LogFields): void;
  info(category: LogCategory, message: string, fields?: LogFields): void;
  warning(category: LogCategory, message: string, fields?: LogFields): void;
  error(category: LogCategory, message: string, fields?: LogFields): void;
  critical(category: LogCategory, message: string, fields?: LogFields): void;
  /** Runs `work` with these ids on every line that it logs, however deep. */
  within<T>(
    ids: { readonly jobId?: string; readonly taskId?: string; readonly attempt?: number },
    work: () => T,
  ): T;
}
