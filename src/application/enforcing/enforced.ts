import { DangerousOperationError } from '../../domain/errors/index.ts';
import type { Served, UnjudgedCall } from '../ports/worker.ts';

/** How far the proof is that every tool call of a worker passes the gate. */
export type EnforcementState =
  | { readonly status: 'unproven' | 'proving' }
  | { readonly status: 'proven'; readonly provenAt: number }
  | { readonly status: 'failed'; readonly failures: readonly string[] };

/** What a run needs of it. */
export interface Enforced {
  /**
   * Resolves once it is proven that the gate holds for the CLI and the policy as they are now.
   * @throws DangerousOperationError where it does not hold · what the canary threw where it could not run.
   */
  demand(): Promise<void>;
  /** A call of a worker ran past the gate: whatever was proven is not so. @param served whose work it was. */
  withdraw(call: UnjudgedCall, served: Served | undefined): void;
}

/** What is wrong, as `refuse` and `problems` go on after a colon. */
export const passedBy = ({ tool, fromSubagent }: UnjudgedCall): string =>
  `a call of ${fromSubagent ? 'a sub-agent' : 'a worker'} (${tool}) ran without the gate's leave`;

/** @throws DangerousOperationError for a gate that does not hold. */
export const refuse = (state: EnforcementState): void => {
  if (state.status !== 'failed') return;
  throw new DangerousOperationError(
    `The safety gate does not hold with this Claude CLI: ${state.failures.join('; ')}.`,
    {
      hint: 'No worker is started. Use the CLI that comes with this package (leave ORCHESTRATOR_CLAUDE_PATH out), or mend what claude-orchestrator doctor shows; a call after a minute tries the gate again.',
    },
  );
};
