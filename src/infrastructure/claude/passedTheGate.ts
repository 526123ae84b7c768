import type { UnjudgedCall } from '../../application/ports/worker.ts';
import { DangerousOperationError } from '../../domain/errors/index.ts';

/** Why a turn fails of which a call ran past the gate. Not tried again: the next process would be no safer. */
export const passedTheGate = ({ tool, toolUseId, fromSubagent }: UnjudgedCall): DangerousOperationError =>
  new DangerousOperationError(
    `A call of ${fromSubagent ? 'a sub-agent of the worker' : 'the worker'} (${tool}, ${toolUseId}) ran without the safety gate's leave; the worker was ended at once.`,
    {
      hint: 'Look at what it did: its worktree is kept where it wrote, task_output has its calls. No worker starts before the gate is proven anew; use the CLI that comes with this package (leave ORCHESTRATOR_CLAUDE_PATH out), see claude-orchestrator doctor.',
      context: { tool, toolUseId, fromSubagent },
    },
  );
