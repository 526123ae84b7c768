import { createHash } from 'node:crypto';
import type { BoundCall } from '../../domain/approval.ts';
import type { ApprovalId, JobId, TaskId } from '../../domain/ids.ts';
import { canonicalJson } from '../canonicalJson.ts';

export type Bound = {
  readonly call: BoundCall;
  readonly jobId: JobId;
  readonly taskId: TaskId;
  readonly lineage: number;
  readonly policyHash: string;
};

/** @returns SHA-256 in hex over everything that an approval binds, the same for the same bytes only. */
export const digestOf = ({ call, jobId, taskId, lineage, policyHash }: Bound): string =>
  createHash('sha256')
    .update(
      canonicalJson({
        v: 1,
        tool: call.tool,
        input: call.input,
        cwd: call.cwd,
        env: call.env,
        files: call.files.map(({ realPath, sha256 }) => ({ real_path: realPath, sha256 })),
        job: jobId,
        task: taskId,
        lineage,
        policy: policyHash,
      }),
    )
    .digest('hex');

/**
 * What a passkey signs for an approval. The digest alone could be signed once and replayed for a second approval
 * of the same bytes.
 * @returns base64url, as WebAuthn writes challenges.
 */
export const challengeOf = (id: ApprovalId, digest: string): string =>
  createHash('sha256').update(`claude-orchestrator approval v1\n${id}\n${digest}`).digest('base64url');
