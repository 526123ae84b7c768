/** Sizes that a caller can meet. One place, so that messages and checks name the same number. */
export const LIMITS = {
  /** Characters of a request or of one task's prompt. */
  promptCharacters: 1_000_000,
  /** Tasks of one plan. */
  tasksPerPlan: 500,
  /** Longest wait of one call, seconds: below the time-outs of the clients in use (60 s in many). */
  waitSeconds: 45,
  /** Bytes kept of one task's log: half from the start, half from the end. */
  taskLogBytes: 2 * 1024 * 1024,
  /** Bytes of one line that a client sends over stdio. */
  lineBytes: 4 * 1024 * 1024,
  /** Seconds a task may have at the most. */
  timeoutSeconds: 3600,
  /** Rounds in which a worker may mend a red verification. */
  repairRounds: 2,
  /** Rounds in which a worker may resolve one merge conflict. */
  conflictRounds: 2,
} as const;
