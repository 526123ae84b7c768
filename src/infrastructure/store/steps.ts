import { auditOfStep, submittedEntry } from '../../application/auditing/derived.ts';
import type { Change } from '../../application/ports/store.ts';
import type { Clock } from '../../application/ports/system.ts';
import { ConflictError, JobNotFoundError } from '../../domain/errors/index.ts';
import type { Happening, JobEvent } from '../../domain/events.ts';
import type { JobId } from '../../domain/ids.ts';
import { type Job, TERMINAL_JOB } from '../../domain/job.ts';
import type { AuditWriter } from './auditStep.ts';
import { bodyHash } from './bodyHash.ts';
import { prepareChange } from './changes.ts';
import type { Step } from './groupCommit.ts';
import type { Heads } from './heads.ts';
import { admit, expectedTasks, openTasksOf } from './queue.ts';
import { decodeJob, encodeHappening, encodeJobSpec, encodeJobState } from './records.ts';
import type { Statements } from './statements.ts';

export type StepOptions = {
  readonly statements: Statements;
  readonly heads: Heads;
  readonly audit: AuditWriter;
  readonly clock: Clock;
  readonly maxQueuedTasks: number;
};

/** The write of a new job with its first event. */
export const createStep = (
  { statements, heads, audit, clock, maxQueuedTasks }: StepOptions,
  job: Job,
  idempotencyKey: string | undefined,
): Step<{ job: Job; created: boolean }> => {
  const body = idempotencyKey === undefined ? null : bodyHash(job.spec);
  // Keys of two principals must not meet: a principal's id holds no newline.
  const scopedKey = idempotencyKey === undefined ? null : `${job.owner}\n${idempotencyKey}`;
  const expected = expectedTasks(job.spec);
  const row = {
    id: job.id,
    status: job.status,
    createdAt: job.createdAt,
    idempotencyKey: scopedKey,
    body,
    expected,
    state: encodeJobState(job),
    owner: job.owner,
  };
  const spec = encodeJobSpec(job);
  const happening = encodeHappening({ type: 'job.submitted', request: job.spec.request });
  const stored = decodeJob({ id: job.id, state: row.state, spec });
  return (open) => {
    if (scopedKey !== null && idempotencyKey !== undefined) {
      const earlier = statements.byIdempotencyKey.first({ key: scopedKey });
      if (earlier !== undefined) {
        if (earlier.body !== body) throw otherBody(idempotencyKey, earlier.id);
        return { result: { job: decodeJob(earlier), created: false }, openDelta: 0 };
      }
    }
    admit(open, expected, maxQueuedTasks);
    statements.insertJob(row);
    statements.insertJobSpec({ job: job.id, spec });
    statements.insertEvent({ job: job.id, seq: 1, at: clock.now(), happening });
    audit.prepare(submittedEntry(job, clock.now())).write();
    heads.advance(job.id, { status: job.status, seq: 1 });
    return { result: { job: stored, created: true }, openDelta: expected };
  };
};

const otherBody = (idempotencyKey: string, job: string): ConflictError =>
  new ConflictError(`The idempotency key "${idempotencyKey}" was used for another request (${job}).`, {
    hint: `Use a new idempotency_key for a new request, or ask for ${job} with job_status.`,
    context: { idempotencyKey, job },
  });

/** The write of changes and of what happened, all or nothing. */
export const commitStep = (
  { statements, heads, audit, clock }: StepOptions,
  jobId: JobId,
  changes: readonly Change[],
  happenings: readonly Happening[],
): Step<readonly JobEvent[]> => {
  const prepared = changes.map((change) => prepareChange({ statements, audit }, jobId, change));
  const encoded = happenings.map((happening) => ({ happening, json: encodeHappening(happening) }));
  const told = auditOfStep(jobId, changes, happenings);
  const ownDelta = prepared.reduce((sum, change) => sum + change.openDelta, 0);
  const reweighs = prepared.some((change) => change.reweighs);
  return () => {
    const head = heads.read(jobId);
    if (head === undefined) throw noSuchJob(jobId);
    const before = reweighs ? openTasksOf(statements, jobId) : 0;
    let { status } = head;
    for (const change of prepared) {
      change.write();
      status = change.jobStatus ?? status;
    }
    const at = clock.now();
    for (const entry of told) audit.prepare({ ...entry, at }).write();
    const events = encoded.map(({ happening, json }, index): JobEvent => {
      const seq = head.seq + 1 + index;
      statements.insertEvent({ job: jobId, seq, at, happening: json });
      return { jobId, seq, at, happening };
    });
    const openDelta = reweighs
      ? openTasksOf(statements, jobId) - before
      : TERMINAL_JOB.has(status)
        ? 0
        : ownDelta;
    heads.advance(jobId, { status, seq: head.seq + events.length });
    return { result: events, openDelta };
  };
};

const noSuchJob = (job: JobId): JobNotFoundError =>
  new JobNotFoundError(`There is no job ${job}.`, { hint: 'List the jobs with job_list.', context: { job } });
