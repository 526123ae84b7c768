import { z } from 'zod';
import type { Health } from '../../application/api.ts';
import { inertLine } from './inertText.ts';

export const healthAnswerSchema = z.object({
  status: z.enum(['ok', 'degraded']),
  problems: z.array(z.string()).readonly(),
  version: z.string(),
  uptime_seconds: z.number(),
  workers: z.object({ limit: z.number(), live: z.number(), busy: z.number() }),
  queue: z.object({ open_tasks: z.number(), limit: z.number(), jobs_running: z.number() }),
  memory: z.object({ server_bytes: z.number(), available_bytes: z.number() }),
  claude: z.object({ path: z.string(), version: z.string(), credentials: z.boolean() }).optional(),
  /** Approvals that the caller may see and that are open, at most 100, and whether a person could decide them. */
  approvals: z.object({ open: z.number(), person_is_set: z.boolean() }),
  node: z.string(),
});
export type HealthAnswer = z.infer<typeof healthAnswerSchema>;

export const healthToWire = (health: Health, approvals: HealthAnswer['approvals']): HealthAnswer => ({
  status: health.status,
  problems: health.problems.slice(0, 20).map((problem) => inertLine(problem, 400)),
  version: health.version,
  uptime_seconds: Math.round(health.uptimeSeconds),
  workers: health.workers,
  queue: {
    open_tasks: health.queue.openTasks,
    limit: health.queue.limit,
    jobs_running: health.queue.jobsRunning,
  },
  memory: { server_bytes: health.memory.serverBytes, available_bytes: health.memory.availableBytes },
  ...(health.claude === undefined ? {} : { claude: health.claude }),
  approvals,
  node: health.node,
});
