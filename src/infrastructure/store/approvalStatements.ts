import { z } from 'zod';
import { approvalStatusSchema } from '../../domain/approval.ts';
import type { Database } from './database.ts';
import { prepareRead, prepareWrite } from './sqlite/prepared.ts';

const stateRow = z.object({ id: z.string(), state: z.string() });
const headRow = z.object({ status: approvalStatusSchema, revision: z.number() });

type ById = { readonly id: string };

/** What is asked of the approvals often; lists are built anew, for their filters vary. */
export const prepareApprovalStatements = ({ connection, db }: Database) => ({
  insertApproval: prepareWrite<
    ById & {
      job: string;
      task: string;
      owner: string;
      revision: number;
      status: string;
      digest: string;
      createdAt: number;
      expiresAt: number;
      state: string;
    }
  >(connection, (slot) =>
    db.insertInto('approvals').values({
      id: slot('id'),
      job_id: slot('job'),
      task_id: slot('task'),
      owner: slot('owner'),
      revision: slot('revision'),
      status: slot('status'),
      digest: slot('digest'),
      created_at: slot('createdAt'),
      expires_at: slot('expiresAt'),
      state: slot('state'),
    }),
  ),
  /** Compare-and-set: changes no row where the stored revision is not `from`. */
  updateApproval: prepareWrite<
    ById & { from: number; revision: number; status: string; expiresAt: number; state: string }
  >(connection, (slot) =>
    db
      .updateTable('approvals')
      .set({
        revision: slot('revision'),
        status: slot('status'),
        expires_at: slot('expiresAt'),
        state: slot('state'),
      })
      .where('id', '=', slot('id'))
      .where('revision', '=', slot('from')),
  ),
  approval: prepareRead<ById, z.infer<typeof stateRow>>(connection, stateRow, (slot) =>
    db.selectFrom('approvals').select(['id', 'state']).where('id', '=', slot('id')),
  ),
  approvalHead: prepareRead<ById, z.infer<typeof headRow>>(connection, headRow, (slot) =>
    db.selectFrom('approvals').select(['status', 'revision']).where('id', '=', slot('id')),
  ),
});
