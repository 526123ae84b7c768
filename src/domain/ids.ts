import { z } from 'zod';

/** `job_` and 16 characters of base32 (80 random bits): it names a job, it proves no right to it. */
export const jobIdSchema = z
  .string()
  .regex(/^job_[0-9a-hjkmnp-tv-z]{16}$/, 'a job id looks like job_ and 16 letters or digits')
  .brand<'JobId'>();
export type JobId = z.infer<typeof jobIdSchema>;

/** A task's id is part of a branch name and of file names, so it obeys the rules of both. */
export const taskIdSchema = z
  .string()
  .max(64, 'a task id has at most 64 characters')
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
    'a task id has letters, digits, ".", "_" and "-", and starts with a letter or digit',
  )
  .refine((id) => !id.includes('..') && !id.endsWith('.') && !id.endsWith('.lock'), {
    message: 'a task id must be usable in a git branch: no "..", no "." or ".lock" at its end',
  })
  .brand<'TaskId'>();
export type TaskId = z.infer<typeof taskIdSchema>;

/** A full git object name. */
export const commitSchema = z
  .string()
  .regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/)
  .brand<'Commit'>();
export type Commit = z.infer<typeof commitSchema>;

/** The mark in a worker's environment by which its processes are found again. */
export const runTokenSchema = z
  .string()
  .regex(/^run_[0-9a-hjkmnp-tv-z]{16}$/)
  .brand<'RunToken'>();
export type RunToken = z.infer<typeof runTokenSchema>;

/** `apr_` and 16 characters of base32 (80 random bits): it names an approval, it proves no right to it. */
export const approvalIdSchema = z
  .string()
  .regex(/^apr_[0-9a-hjkmnp-tv-z]{16}$/, 'an approval id looks like apr_ and 16 letters or digits')
  .brand<'ApprovalId'>();
export type ApprovalId = z.infer<typeof approvalIdSchema>;
