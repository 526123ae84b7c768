import type { ErrorRecord } from '../task.ts';

export type ErrorContext = Readonly<Record<string, unknown>>;

export type ErrorOptions = {
  /** What to do next, for whoever reads it: one sentence that names the call, the setting or the command. */
  readonly hint: string;
  readonly retryable?: boolean;
  readonly retryAfterMs?: number;
  readonly context?: ErrorContext;
  readonly cause?: unknown;
};

/**
 * Base of every error that leaves the core: what happened and where (`message`), whether a retry helps
 * (`retryable`, `retryAfterMs`), what to do next (`hint`). `context` is for logs and never holds secrets.
 */
export abstract class OrchestratorError extends Error {
  abstract readonly code: ErrorCode;
  readonly hint: string;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly context: ErrorContext;

  constructor(message: string, options: ErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.hint = options.hint;
    this.retryable = options.retryable ?? false;
    this.retryAfterMs = options.retryAfterMs;
    this.context = options.context ?? {};
  }

  toRecord(): ErrorRecord {
    return { code: this.code, message: this.message, hint: this.hint, retryable: this.retryable };
  }

  toJSON(): ErrorRecord & { retryAfterMs?: number; context: ErrorContext } {
    return {
      ...this.toRecord(),
      ...(this.retryAfterMs === undefined ? {} : { retryAfterMs: this.retryAfterMs }),
      context: this.context,
    };
  }
}

/** Where each code leads on each face. One table, so that no face invents its own. */
export const ERROR_CODES = {
  CONFIGURATION_INVALID: { http: 400, jsonRpc: -32602, exit: 78 },
  WORKSPACE_INVALID: { http: 400, jsonRpc: -32602, exit: 66 },
  DEPENDENCY_MISSING: { http: 503, jsonRpc: -32603, exit: 69 },
  WORKER_SPAWN: { http: 503, jsonRpc: -32603, exit: 71 },
  WORKER_TIMEOUT: { http: 504, jsonRpc: -32603, exit: 75 },
  WORKER_CRASH: { http: 502, jsonRpc: -32603, exit: 70 },
  WORKER_COMMUNICATION: { http: 502, jsonRpc: -32603, exit: 76 },
  TASK_VALIDATION: { http: 400, jsonRpc: -32602, exit: 65 },
  TASK_DECOMPOSITION: { http: 422, jsonRpc: -32603, exit: 65 },
  TASK_EXECUTION: { http: 422, jsonRpc: -32603, exit: 1 },
  API_AUTHENTICATION: { http: 401, jsonRpc: -32603, exit: 77 },
  API_RATE_LIMIT: { http: 429, jsonRpc: -32603, exit: 75 },
  API_FORBIDDEN: { http: 403, jsonRpc: -32603, exit: 77 },
  JOB_NOT_FOUND: { http: 404, jsonRpc: -32602, exit: 66 },
  NOT_FOUND: { http: 404, jsonRpc: -32602, exit: 66 },
  CONFLICT: { http: 409, jsonRpc: -32603, exit: 65 },
  OPERATION_DANGEROUS: { http: 403, jsonRpc: -32603, exit: 77 },
  USER_DENIED: { http: 403, jsonRpc: -32603, exit: 77 },
  RESOURCES_INSUFFICIENT: { http: 503, jsonRpc: -32603, exit: 75 },
  FILE_SYSTEM: { http: 500, jsonRpc: -32603, exit: 74 },
  INTERNAL: { http: 500, jsonRpc: -32603, exit: 70 },
} as const satisfies Record<string, { http: number; jsonRpc: number; exit: number }>;

export type ErrorCode = keyof typeof ERROR_CODES;
