import type { JobView, Orchestrator } from '../../application/api.ts';
import type { JobId } from '../../domain/ids.ts';
import type { ToolContext } from './tool.ts';

/**
 * Waits until the job has ended or wants a person, at most `seconds`, and tells of every event meanwhile. Not
 * every change ends the wait: each answer costs the calling agent a turn, progress notifications do not.
 * @returns the job as it stands then.
 */
export const waitForEnd = async (
  orchestrator: Orchestrator,
  id: JobId,
  seconds: number,
  { signal, onEvent, onView }: ToolContext,
): Promise<JobView> => {
  onView(await orchestrator.status(id));
  const outcome = await orchestrator.wait(id, { until: 'done', waitMs: seconds * 1000, signal, onEvent });
  onView(outcome);
  return outcome;
};
