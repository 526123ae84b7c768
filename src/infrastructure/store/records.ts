import { z } from 'zod';
import { type Approval, approvalSchema } from '../../domain/approval.ts';
import { FileSystemError, InternalError } from '../../domain/errors/index.ts';
import { eventSchema, type Happening, happeningSchema, type JobEvent } from '../../domain/events.ts';
import { type Job, jobSchema } from '../../domain/job.ts';
import { type Task, taskSchema } from '../../domain/task.ts';

const jobStateSchema = jobSchema.omit({ spec: true });
const taskStateSchema = taskSchema.omit({ spec: true });

/**
 * Checked on the way in as well: a record that could not be read back (a NaN becomes null in JSON) would
 * make its job unreadable for good, so it must fail at the caller who made it.
 */
const encode = <T>(what: string, schema: z.ZodType<T>, value: unknown): string => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return JSON.stringify(parsed.data);
  throw new InternalError(`${what} cannot be stored: ${z.prettifyError(parsed.error)}`, {
    hint: 'This is a fault of the orchestrator: look at the server log, and report it.',
    cause: parsed.error,
  });
};

const decode = <T>(what: string, schema: z.ZodType<T>, read: () => unknown): T => {
  try {
    return schema.parse(read());
  } catch (cause) {
    throw new FileSystemError(`${what} cannot be read from the database: its record is damaged.`, {
      hint: 'Put a backup of the database in its place, or move it out of the state directory.',
      cause,
    });
  }
};

const fields = z.record(z.string(), z.unknown());
const merged = (state: string, spec: string): unknown => ({
  ...fields.parse(JSON.parse(state)),
  spec: JSON.parse(spec),
});

export const encodeJobSpec = (job: Job): string =>
  encode(`The request of job ${job.id}`, jobSchema.shape.spec, job.spec);
export const encodeJobState = (job: Job): string => encode(`Job ${job.id}`, jobStateSchema, job);
export const encodeTaskSpec = (task: Task): string =>
  encode(`The request of task ${task.spec.id}`, taskSchema.shape.spec, task.spec);
export const encodeTaskState = (task: Task): string => encode(`Task ${task.spec.id}`, taskStateSchema, task);
export const encodeHappening = (happening: Happening): string =>
  encode(`The event ${happening.type}`, happeningSchema, happening);

export const encodeApproval = (approval: Approval): string =>
  encode(`Approval ${approval.id}`, approvalSchema, approval);

export const decodeApproval = (row: { readonly id: string; readonly state: string }): Approval =>
  decode(`Approval ${row.id}`, approvalSchema, () => JSON.parse(row.state));

export const decodeJob = (row: { readonly id: string; readonly state: string; readonly spec: string }): Job =>
  decode(`Job ${row.id}`, jobSchema, () => merged(row.state, row.spec));

export const decodeTask = (row: {
  readonly id: string;
  readonly state: string;
  readonly spec: string;
}): Task => decode(`Task ${row.id}`, taskSchema, () => merged(row.state, row.spec));

export const decodeEvent = (row: {
  readonly job_id: string;
  readonly seq: number;
  readonly at: number;
  readonly happening: string;
}): JobEvent =>
  decode(`Event ${row.seq} of job ${row.job_id}`, eventSchema, () => ({
    jobId: row.job_id,
    seq: row.seq,
    at: row.at,
    happening: JSON.parse(row.happening),
  }));
