import type { ApprovalId, JobId, RunToken } from '../../domain/ids.ts';

/** Milliseconds since the epoch, and timers that tests can own. */
export interface Clock {
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Ids {
  job(): JobId;
  approval(): ApprovalId;
  runToken(): RunToken;
}

export interface Machine {
  cores(): number;
  /** Memory that new processes could have now, bytes. */
  availableMemory(): number;
  ownMemory(): number;
}
