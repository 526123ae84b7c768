import type { Approval } from '../../../domain/approval.ts';
import type { JobId } from '../../../domain/ids.ts';

type Decided = 'approve' | 'deny';

const IN_A_ROW = 3;
const IN_ALL = 20;

/** True where a job was refused so often that a person must look at it: the three last times, or twenty in all. */
export const denialsTripped = (decisions: readonly Decided[]): boolean =>
  decisions.at(-1) === 'deny' &&
  ((decisions.length >= IN_A_ROW && decisions.slice(-IN_A_ROW).every((decision) => decision === 'deny')) ||
    decisions.filter((decision) => decision === 'deny').length >= IN_ALL);

/** The decisions of each job since it was last stopped for them: a person who lets it go on starts anew. */
export class DenialCircuit {
  readonly #decisions = new Map<JobId, Decided[]>();

  /** @returns true where the job must stop now. */
  add(jobId: JobId, decision: Decided): boolean {
    const decisions = this.#decisions.get(jobId) ?? [];
    decisions.push(decision);
    this.#decisions.set(jobId, decisions);
    if (!denialsTripped(decisions)) return false;
    this.#decisions.delete(jobId);
    return true;
  }

  /** What was decided before this process began, in any order. */
  restore(jobId: JobId, approvals: readonly Approval[]): void {
    const decided = approvals
      .flatMap(({ decidedAt, decisions }) => {
        const last = decisions.at(-1);
        return decidedAt === undefined || last === undefined ? [] : [last];
      })
      .toSorted((a, b) => a.at - b.at);
    for (const { decision } of decided) this.add(jobId, decision);
  }

  forget(jobId: JobId): void {
    this.#decisions.delete(jobId);
  }
}
