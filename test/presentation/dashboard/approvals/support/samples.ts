import { createHash } from 'node:crypto';
import type { ApprovalAnswer } from '../../../../../src/presentation/wire/approval.ts';

/** Everything that `ApprovalAnswer` has, and may be changed by the test. */
export type Sample = { -readonly [K in keyof ApprovalAnswer]: ApprovalAnswer[K] };

const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz';

export const sampleId = (number: number): string =>
  `apr_${LETTERS.charAt(number % 32).repeat(15)}${LETTERS.charAt(Math.floor(number / 32))}`;

/** A worker that wants to delete sources, as the server tells of it. */
export const sample = (number: number, part: Partial<Sample> = {}): Sample => ({
  approval_id: sampleId(number),
  job_id: 'job_0123456789abcdef',
  task_id: 'tidy',
  status: 'pending',
  risk: 'HIGH',
  tool: 'Bash',
  command: 'npm run build && rm -rf src/old && git status',
  cwd: '/srv/trees/job_0123456789abcdef/tidy',
  reasons: [
    {
      code: 'delete-tracked',
      risk: 'HIGH',
      span: 'rm -rf src/old',
      text: 'It deletes files that git tracks.',
    },
  ],
  digest: createHash('sha256').update(String(number)).digest('hex'),
  requested_by: 'local-agent',
  expires_at: new Date(Date.now() + 23 * 3_600_000).toISOString(),
  asked: 1,
  created_at: new Date(Date.now() - 120_000 + number * 1000).toISOString(),
  goal: 'Take the old checkout out of the shop, with whatever only it needs.',
  env: {},
  touches: [
    {
      path: '/srv/trees/job_0123456789abcdef/tidy/src/old',
      access: 'delete',
      exists: true,
      files: 12,
      git: 'clean',
    },
  ],
  files: [],
  policy_hash: 'f'.repeat(64),
  approvers_needed: 1,
  uses_left: 0,
  elicitation: 'deny_only',
  decisions: [],
  next: 'You cannot approve this yourself: show the user the request.',
  ...part,
});
