import type { ColumnType, Generated } from 'kysely';

/** Never updated once inserted. */
type Fixed<T> = ColumnType<T, T, never>;

/**
 * The tables as Kysely sees them. What was asked (`spec`) is kept apart from how it stands (`state`): specs
 * hold prompts of up to 1 MB and never change, and a transition must not write them again.
 */
export type Tables = {
  jobs: {
    /** Order of insertion; the second half of the paging key. */
    key: Generated<number>;
    id: Fixed<string>;
    status: string;
    /** Milliseconds since the epoch. */
    created_at: Fixed<number>;
    idempotency_key: Fixed<string | null>;
    /** SHA-256 of the canonical JSON of the spec, only where there is a key. */
    body_sha256: Fixed<string | null>;
    /** What the job counts in the queue as long as no plan is written. */
    expected_tasks: Fixed<number>;
    /** JSON of the job without its spec. */
    state: string;
    /** Id of the principal who submitted it. */
    owner: Fixed<string>;
  };
  job_specs: { job_id: Fixed<string>; spec: Fixed<string> };
  tasks: {
    job_id: Fixed<string>;
    id: Fixed<string>;
    /** Place in the plan. */
    position: Fixed<number>;
    status: string;
    attempts: number;
    /** JSON of the task without its spec. */
    state: string;
  };
  task_specs: { job_id: Fixed<string>; task_id: Fixed<string>; spec: Fixed<string> };
  events: {
    job_id: Fixed<string>;
    seq: Fixed<number>;
    /** Milliseconds since the epoch. */
    at: Fixed<number>;
    /** JSON. */
    happening: Fixed<string>;
  };
  api_keys: {
    id: Fixed<string>;
    label: Fixed<string>;
    role: Fixed<string>;
    /** First characters of the key, by which its owner knows it again. */
    prefix: Fixed<string>;
    /** Hex, of the whole key: 256 random bits need no slow hash. */
    sha256: Fixed<string>;
    created_at: Fixed<number>;
    expires_at: number | null;
    last_used_at: number | null;
    revoked_at: number | null;
  };
  passkeys: {
    /** WebAuthn's credential id, base64url. */
    id: Fixed<string>;
    label: Fixed<string>;
    /** COSE key, base64url. */
    public_key: Fixed<string>;
    counter: number;
    /** JSON list. */
    transports: Fixed<string>;
    created_at: Fixed<number>;
    last_used_at: number | null;
  };
  sessions: {
    /** Hex, of the cookie's secret. */
    sha256: Fixed<string>;
    principal: Fixed<string>;
    /** JSON list. */
    roles: Fixed<string>;
    via: Fixed<string>;
    created_at: Fixed<number>;
    expires_at: Fixed<number>;
  };
  approvals: {
    /** Order of insertion; the second half of the paging key. */
    key: Generated<number>;
    id: Fixed<string>;
    job_id: Fixed<string>;
    task_id: Fixed<string>;
    /** Id of the principal who submitted the job. */
    owner: Fixed<string>;
    /** Every change is by compare-and-set on it. */
    revision: number;
    status: string;
    digest: Fixed<string>;
    /** Milliseconds since the epoch. */
    created_at: Fixed<number>;
    expires_at: number;
    /** JSON of the whole approval. */
    state: string;
  };
  audit: {
    /** Counts from 1, without a gap. */
    seq: Fixed<number>;
    /** Milliseconds since the epoch. */
    at: Fixed<number>;
    type: Fixed<string>;
    actor: Fixed<string>;
    job_id: Fixed<string | null>;
    task_id: Fixed<string | null>;
    approval_id: Fixed<string | null>;
    /** JSON. */
    detail: Fixed<string>;
    /** SHA-256 in hex of the entry before. */
    previous: Fixed<string>;
    /** SHA-256 in hex over the canonical JSON of the entry. */
    hash: Fixed<string>;
  };
};
