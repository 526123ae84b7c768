import { z } from 'zod';
import { approvalIdSchema, commitSchema, jobIdSchema, taskIdSchema } from './ids.ts';
import { LIMITS } from './limits.ts';

export const prioritySchema = z.enum(['low', 'normal', 'high', 'critical']);
export type Priority = z.infer<typeof prioritySchema>;
export const PRIORITY_RANK: Readonly<Record<Priority, number>> = { low: 0, normal: 1, high: 2, critical: 3 };

/** A model name goes to the CLI's command line: it must never read as an option. */
export const modelSchema = z
  .string()
  .max(100)
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._:/@[\]-]*$/,
    'a model name starts with a letter or digit and has no spaces',
  );

export const promptSchema = z
  .string()
  .max(LIMITS.promptCharacters, `a prompt has at most ${LIMITS.promptCharacters} characters`)
  .refine((text) => text.trim() !== '', { message: 'a prompt must say something' });

export const commandSchema = z
  .string()
  .max(10_000)
  .refine((text) => text.trim() !== '', { message: 'a command must not be empty' })
  .refine((text) => !text.includes('\0'), { message: 'a command must not hold NUL' });

/** A path below the workspace, as the caller names it: never absolute, never upwards. */
export const relativePathSchema = z
  .string()
  .min(1)
  .max(4096)
  .refine((path) => !path.includes('\0'), { message: 'a path must not hold NUL' })
  .refine(
    (path) => !path.startsWith('/') && !/^[A-Za-z]:/.test(path) && !path.split(/[\\/]/).includes('..'),
    {
      message: 'a path must be relative to the workspace and must not contain ".."',
    },
  );

export const timeoutSecondsSchema = z.number().int().min(1).max(LIMITS.timeoutSeconds);
export const budgetUsdSchema = z.number().positive().max(10_000);

/** What a task is asked to do. Written once, by the caller or the planner, and never changed. */
export const taskSpecSchema = z.object({
  id: taskIdSchema,
  title: z.string().min(1).max(200),
  prompt: promptSchema,
  dependsOn: z.array(taskIdSchema).readonly(),
  /** Run in the task's worktree; exit code 0 means green. */
  verify: commandSchema.optional(),
  /** Paths or globs that the task says it will write: used to keep colliding tasks apart. */
  writes: z.array(relativePathSchema).readonly().optional(),
  /** True where the paths were forecast by the planner and not declared by the caller. */
  writesForecast: z.boolean().optional(),
  priority: prioritySchema,
  model: modelSchema.optional(),
  timeoutSeconds: timeoutSecondsSchema.optional(),
  budgetUsd: budgetUsdSchema.optional(),
});
export type TaskSpec = z.infer<typeof taskSpecSchema>;

export const taskStatusSchema = z.enum([
  'waiting',
  'ready',
  'running',
  'verifying',
  'parked',
  'done',
  'failed',
  'skipped',
  'cancelled',
]);
export type TaskStatus = z.infer<typeof taskStatusSchema>;

/**
 * What a green or red verification proves of a task:
 * `proved` red before, green after · `held` green before and after · `passed` green, base unknown ·
 * `failed` red · `none` there was no command, or it is as red as it was on the base.
 */
export const verificationSchema = z.enum(['proved', 'held', 'passed', 'failed', 'none']);
export type Verification = z.infer<typeof verificationSchema>;

export const tokensSchema = z.object({
  input: z.number(),
  output: z.number(),
  cacheRead: z.number(),
  cacheWrite: z.number(),
});
export type Tokens = z.infer<typeof tokensSchema>;
export const NO_TOKENS: Tokens = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
export const addTokens = (a: Tokens, b: Tokens): Tokens => ({
  input: a.input + b.input,
  output: a.output + b.output,
  cacheRead: a.cacheRead + b.cacheRead,
  cacheWrite: a.cacheWrite + b.cacheWrite,
});

/** An error as it is stored and shown: see `domain/errors`. */
export const errorRecordSchema = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string(),
  retryable: z.boolean(),
});
export type ErrorRecord = z.infer<typeof errorRecordSchema>;

/** A task as it stands. `attempts` is also the fencing token: a result of an older attempt is refused. */
export const taskSchema = z.object({
  jobId: jobIdSchema,
  spec: taskSpecSchema,
  status: taskStatusSchema,
  attempts: z.number().int(),
  /** Runs that ended badly by the task's own doing; held-back and recovered runs do not count. */
  failures: z.number().int(),
  /** Tasks that this one was ordered behind by the scheduler, on top of `spec.dependsOn`. */
  orderedAfter: z.array(taskIdSchema).readonly(),
  /** Milliseconds since the epoch. */
  startedAt: z.number().optional(),
  endedAt: z.number().optional(),
  /** Seconds in which a worker or a verification worked on it, all attempts together. */
  seconds: z.number(),
  costUsd: z.number(),
  tokens: tokensSchema,
  verification: verificationSchema,
  /** One sentence on what the verification said, its baseline included. */
  verificationNote: z.string().optional(),
  repairs: z.number().int(),
  commit: commitSchema.optional(),
  filesChanged: z.array(z.string()).readonly(),
  /** The worker's own last words, shortened: data, never a status. */
  summary: z.string().optional(),
  /** Why it failed, was skipped or cancelled. */
  error: errorRecordSchema.optional(),
  /** The attempt in which the conversation of its worker began: a resumed attempt keeps it. */
  lineage: z.number().int().optional(),
  /** Where its work goes on: a session that waits for a decision, or that a crash interrupted while one waited. */
  resume: z
    .object({
      sessionId: z.string(),
      /** Its worktree, kept as it was. */
      worktree: z.string(),
      /** `deferred`: the CLI asks for the very same call again by itself. `interrupted`: it is told to go on. */
      how: z.enum(['deferred', 'interrupted']),
      /** The commit that its work is based on; none without git. */
      base: commitSchema.optional(),
      /** What the session had cost by then and what the task's figures hold already: a resumed one goes on counting from there. */
      spent: z.object({ costUsd: z.number(), tokens: tokensSchema }).optional(),
      approvalId: approvalIdSchema.optional(),
      toolUseId: z.string().optional(),
    })
    .optional(),
  /** A worktree kept for a person to look at. */
  keptWorktree: z.string().optional(),
});
export type Task = z.infer<typeof taskSchema>;

export const TERMINAL_TASK: ReadonlySet<TaskStatus> = new Set(['done', 'failed', 'skipped', 'cancelled']);

export const newTask = (jobId: Task['jobId'], spec: TaskSpec): Task => ({
  jobId,
  spec,
  status: 'waiting',
  attempts: 0,
  failures: 0,
  orderedAfter: [],
  seconds: 0,
  costUsd: 0,
  tokens: NO_TOKENS,
  verification: 'none',
  repairs: 0,
  filesChanged: [],
});

/** Everything a task must wait for: what was asked, and what the scheduler ordered. */
export const predecessors = (task: Task): readonly Task['spec']['id'][] => [
  ...task.spec.dependsOn,
  ...task.orderedAfter,
];
