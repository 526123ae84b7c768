import type { Clock } from '../../application/ports/system.ts';
import { systemToWire } from '../wire/system.ts';
import { workersToWire } from '../wire/workers.ts';
import { defineRoute, type Mounted, none } from './route.ts';

const workers = defineRoute({
  method: 'get',
  path: '/workers',
  id: 'listWorkers',
  tag: 'server',
  summary: 'The workers that have a task now',
  description: 'Those of jobs that the credential may see; the counts are those of the whole server.',
  params: none,
  query: none,
  body: none,
  answers: {
    200: { description: 'The workers.', content: { 'application/json': { schema: 'WorkersAnswer' } } },
  },
  handle: async (c) => {
    const orchestrator = c.get('orchestrator');
    const [{ workers: counts }, busy] = await Promise.all([orchestrator.health(), orchestrator.workers()]);
    return c.json(workersToWire(counts, busy));
  },
});

const midnightBefore = (now: number): number => new Date(now).setHours(0, 0, 0, 0);

const system = (clock: Clock): Mounted =>
  defineRoute({
    method: 'get',
    path: '/system',
    id: 'getSystem',
    tag: 'server',
    summary: "The server's state",
    description: 'Health, queue, memory, the Claude CLI, and what was spent since midnight.',
    params: none,
    query: none,
    body: none,
    answers: {
      200: { description: 'The state.', content: { 'application/json': { schema: 'SystemAnswer' } } },
    },
    handle: async (c) => {
      const [health, spent] = await Promise.all([
        c.get('api').health(),
        c.get('orchestrator').spend(midnightBefore(clock.now())),
      ]);
      return c.json(systemToWire(health, spent));
    },
  });

export const serverRoutes = (clock: Clock): readonly Mounted[] => [workers, system(clock)];
