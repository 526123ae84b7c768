import { toOrchestratorError } from '../../domain/errors/index.ts';
import type { Health } from '../api.ts';
import type { RunDeps } from '../runDeps.ts';
import { BYTES_PER_WORKER } from '../scheduling/scheduler.ts';

/** How the server is: places, queue, memory, versions, and what is wrong. */
export const health = async (
  deps: RunDeps & {
    readonly version: string;
    readonly startedAt: number;
    /** What is wrong beside the jobs: the audit log, for one. */
    readonly otherProblems?: () => readonly string[];
  },
  jobsRunning: number,
): Promise<Health> => {
  const problems: string[] = [...(deps.otherProblems?.() ?? [])];
  const claude = await deps.runtime.describe().catch((error: unknown) => {
    const { message, hint } = toOrchestratorError(error);
    problems.push(`${message} ${hint}`);
    return undefined;
  });
  if (claude?.credentials === false)
    problems.push(
      'No credentials for the Claude CLI were found: run `claude` and log in, or set ANTHROPIC_API_KEY and run `claude-orchestrator stop`, so that the next call starts the server with it.',
    );
  const unwritten = deps.store.waitingForDisk();
  if (unwritten > 0)
    problems.push(
      `The disk of the state directory is full: ${unwritten} steps of jobs wait for room. Free some; they are then written.`,
    );
  const availableBytes = deps.machine.availableMemory();
  if (availableBytes < BYTES_PER_WORKER)
    problems.push('Memory is low: only one worker runs at a time until some is free.');
  return {
    status: problems.length === 0 ? 'ok' : 'degraded',
    problems,
    version: deps.version,
    uptimeSeconds: (deps.clock.now() - deps.startedAt) / 1000,
    workers: { limit: deps.scheduler.limit, live: deps.runtime.live(), busy: deps.scheduler.busy },
    queue: { openTasks: await deps.store.openTaskCount(), limit: deps.settings.maxQueuedTasks, jobsRunning },
    memory: { serverBytes: deps.machine.ownMemory(), availableBytes },
    claude,
    node: process.version,
  };
};
