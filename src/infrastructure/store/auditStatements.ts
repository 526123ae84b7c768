import { sql } from 'kysely';
import { z } from 'zod';
import type { AuditRow, AuditTip } from '../../application/auditing/chain.ts';
import type { Database } from './database.ts';
import { prepareRead, prepareWrite } from './sqlite/prepared.ts';

const tipRow = z.object({ seq: z.number(), hash: z.string() });
const auditRow = tipRow.extend({
  at: z.number(),
  type: z.string(),
  actor: z.string(),
  job_id: z.string().nullable(),
  task_id: z.string().nullable(),
  approval_id: z.string().nullable(),
  detail: z.string(),
  previous: z.string(),
});

/** The statements of the audit log. There is none that changes or deletes. */
export const prepareAuditStatements = ({ connection, db }: Database) => {
  const rows = db
    .selectFrom('audit')
    .select(['seq', 'at', 'type', 'actor', 'job_id', 'task_id', 'approval_id', 'detail', 'previous', 'hash'])
    .orderBy('seq', 'desc');
  return {
    append: prepareWrite<AuditRow>(connection, (slot) =>
      db.insertInto('audit').values({
        seq: slot('seq'),
        at: slot('at'),
        type: slot('type'),
        actor: slot('actor'),
        job_id: slot('job_id'),
        task_id: slot('task_id'),
        approval_id: slot('approval_id'),
        detail: slot('detail'),
        previous: slot('previous'),
        hash: slot('hash'),
      }),
    ),
    tip: prepareRead<Record<never, never>, AuditTip>(connection, tipRow, () =>
      db.selectFrom('audit').select(['seq', 'hash']).orderBy('seq', 'desc').limit(sql.lit(1)),
    ),
    at: prepareRead<{ seq: number }, AuditTip>(connection, tipRow, (slot) =>
      db.selectFrom('audit').select(['seq', 'hash']).where('seq', '=', slot('seq')),
    ),
    page: prepareRead<{ before: number; limit: number }, AuditRow>(connection, auditRow, (slot) =>
      rows.where('seq', '<', slot('before')).limit(slot('limit')),
    ),
    /** By the index `audit_of_settings`, whose condition must stand here word for word. */
    lastOfSetting: prepareRead<{ type: string }, AuditRow>(connection, auditRow, (slot) =>
      rows
        .where(sql<boolean>`type in ('passphrase.set', 'settings.changed', 'policy.changed')`)
        .where('type', '=', slot('type'))
        .limit(sql.lit(1)),
    ),
  };
};

export type AuditStatements = ReturnType<typeof prepareAuditStatements>;
