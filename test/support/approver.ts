import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { PERSON } from '../../src/domain/principal.ts';
import {
  type ApprovalAnswer,
  type ApprovalRow,
  approvalAnswerSchema,
  approvalListAnswerSchema,
} from '../../src/presentation/wire/approval.ts';
import { openAccess, testClock } from './access/harness.ts';
import { recordOf } from './localServer.ts';
import { eventually } from './processes.ts';
import type { Sandbox } from './sandbox.ts';

type Status = ApprovalRow['status'];

/** Somebody else with a key of the role `approver`, who decides over REST. */
export type Approver = {
  list(...status: readonly Status[]): Promise<readonly ApprovalRow[]>;
  /** Waits for an approval in this status that `which` lets through. */
  sees(status: Status, which?: (row: ApprovalRow) => boolean): Promise<ApprovalAnswer>;
  decide(id: string, decision: 'approve' | 'deny', reason?: string): Promise<number>;
  /** Lets a job go on that was stopped for its denials. */
  retry(jobId: string): Promise<number>;
};

/** Makes the key in the state directory: before any server has it. */
export const makeApprover = async (sandbox: Sandbox): Promise<Approver> => {
  const folder = path.join(sandbox.root, 'state');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { access, close } = await openAccess({ folder, time: testClock(Date.now()) });
  const { secret } = await access
    .keysFor(PERSON)
    .create({ label: 'a colleague', role: 'approver' }, PERSON.id);
  close();
  const call = async (method: string, route: string, body?: unknown) => {
    const response = await fetch(`${recordOf(sandbox).url}/api/v1${route}`, {
      method,
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  };
  const list: Approver['list'] = async (...status) => {
    const query = status.length === 0 ? '' : `?status=${status.join(',')}`;
    return approvalListAnswerSchema.parse((await call('GET', `/approvals${query}`)).body).approvals;
  };
  return {
    list,
    async sees(status, which = () => true) {
      const row = await eventually(`an approval that is ${status}`, async () =>
        // A server that is just being started has no address yet.
        (await list(status).catch(() => [])).find(which),
      );
      return approvalAnswerSchema.parse((await call('GET', `/approvals/${row.approval_id}`)).body);
    },
    decide: async (id, decision, reason = '') =>
      (await call('POST', `/approvals/${id}/decision`, { decision, reason })).status,
    retry: async (jobId) => (await call('POST', `/jobs/${jobId}/steer`, { action: 'retry' })).status,
  };
};
