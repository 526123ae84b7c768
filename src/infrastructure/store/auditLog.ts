import type { AuditRow } from '../../application/auditing/chain.ts';
import type { AuditStore, ChainedEntry } from '../../application/auditing/ports.ts';
import type { Clock } from '../../application/ports/system.ts';
import { auditDetailSchema, auditTypeSchema } from '../../domain/audit.ts';
import { approvalIdSchema, jobIdSchema, taskIdSchema } from '../../domain/ids.ts';
import type { AuditStatements } from './auditStatements.ts';
import type { AuditWriter } from './auditStep.ts';
import type { GroupCommit } from './groupCommit.ts';
import { storageError } from './storageError.ts';

/** @throws where the row is none that this program wrote. */
export const entryOf = (row: AuditRow): ChainedEntry => ({
  seq: row.seq,
  at: row.at,
  type: auditTypeSchema.parse(row.type),
  actor: row.actor,
  ...(row.job_id === null ? {} : { jobId: jobIdSchema.parse(row.job_id) }),
  ...(row.task_id === null ? {} : { taskId: taskIdSchema.parse(row.task_id) }),
  ...(row.approval_id === null ? {} : { approvalId: approvalIdSchema.parse(row.approval_id) }),
  detail: auditDetailSchema.parse(JSON.parse(row.detail)),
  previous: row.previous,
  hash: row.hash,
});

export type AuditOverOptions = {
  readonly statements: AuditStatements;
  readonly writer: AuditWriter;
  readonly writes: GroupCommit;
  readonly clock: Clock;
  readonly assertOpen: () => void;
};

/** The audit log as the rest of the program has it: read, and appended to. */
export const auditOver = ({
  statements,
  writer,
  writes,
  clock,
  assertOpen,
}: AuditOverOptions): AuditStore => {
  const read = async <T>(work: () => T): Promise<T> => {
    assertOpen();
    try {
      return work();
    } catch (thrown) {
      throw storageError('Reading the audit log', thrown);
    }
  };
  return {
    append: async (entry) => {
      const prepared = writer.prepare({ ...entry, at: clock.now() });
      await writes.run(() => {
        prepared.write();
        return { result: undefined, openDelta: 0 };
      }, true);
    },
    read: ({ before = Number.MAX_SAFE_INTEGER, limit }) =>
      read(() => statements.page.all({ before, limit }).map(entryOf)),
    tip: () => read(() => statements.tip.first({})),
    hashAt: (seq) => read(() => statements.at.first({ seq })?.hash),
    lastOf: (type) =>
      read(() => {
        const row = statements.lastOfSetting.first({ type });
        return row === undefined ? undefined : entryOf(row);
      }),
  };
};
