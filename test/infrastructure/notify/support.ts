import type { Notice } from '../../../src/application/approving/notices.ts';
import { approvalIdSchema, jobIdSchema, taskIdSchema } from '../../../src/domain/ids.ts';
import { eventually } from '../../support/processes.ts';

export const NOTICE: Notice = {
  type: 'approval.requested',
  jobId: jobIdSchema.parse('job_0123456789abcdef'),
  taskId: taskIdSchema.parse('tidy'),
  approvalId: approvalIdSchema.parse('apr_0123456789abcdef'),
  risk: 'HIGH',
  tool: 'Bash',
  command: 'rm -rf assets; echo "$(id)" `id` \'',
  reason: 'deletes files',
  url: 'http://localhost:1/approvals/apr_0123456789abcdef',
  at: Date.UTC(2026, 0, 2, 3, 4, 5),
};

/** A logger that keeps its warnings, and a clock that is the test's. */
export const watched = () => {
  const warnings: { readonly message: string; readonly fields: unknown }[] = [];
  const time = { now: Date.UTC(2026, 0, 2, 3, 4, 6) };
  const ended = new AbortController();
  return {
    warnings,
    time,
    end: () => ended.abort(),
    deps: {
      clock: { now: () => time.now },
      signal: ended.signal,
      logger: {
        warning: (_category: string, message: string, fields?: unknown) =>
          void warnings.push({ message, fields }),
      },
    },
    warned: (count: number) => eventually(`${count} warnings`, () => warnings.length >= count),
  };
};
