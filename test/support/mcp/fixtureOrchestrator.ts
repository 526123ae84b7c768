import { demandLifter, liftsPause } from '../../../src/application/access/denialPause.ts';
import type { JobView, Orchestrator } from '../../../src/application/api.ts';
import type { Elicitation } from '../../../src/application/approving/elicitationChoice.ts';
import { ConflictError, JobNotFoundError } from '../../../src/domain/errors/index.ts';
import type { Happening, JobEvent } from '../../../src/domain/events.ts';
import { type JobId, jobIdSchema, type TaskId } from '../../../src/domain/ids.ts';
import { isTerminal, type Job, type JobSpec, type JobStatus } from '../../../src/domain/job.ts';
import { LOCAL_AGENT, type PrincipalId } from '../../../src/domain/principal.ts';
import { newTask, type Task, taskSpecSchema } from '../../../src/domain/task.ts';
import { createFixtureApprovals, type FixtureDesk } from './fixtureApprovals.ts';
import { createTaskMoves } from './taskMoves.ts';

type Record = { job: Job; tasks: Task[]; events: JobEvent[]; key: string | undefined };

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);

export type FixtureOrchestrator = Orchestrator & { readonly desk: FixtureDesk };

/**
 * The Orchestrator interface in memory, for tests of the faces. Nothing moves by itself: a test moves a task by
 * `job_steer` with action "message" and one of the words of `taskMoves.ts`, or `ask <command>`: its worker waits for
 * a person.
 * @param elicitation what the person chose that clients' forms may do.
 */
export const createFixtureOrchestrator = (elicitation?: Elicitation): FixtureOrchestrator => {
  const records = new Map<JobId, Record>();
  const listeners = new Set<(event: JobEvent, owner: PrincipalId) => void>();

  const find = (id: JobId): Record => {
    const record = records.get(id);
    if (record === undefined) {
      throw new JobNotFoundError(`There is no job ${id}.`, { hint: 'job_list shows the jobs there are.' });
    }
    return record;
  };

  const view = ({ job, tasks, events }: Record): JobView => {
    const approvals = desk.open(job.id);
    return { job, tasks: [...tasks], seq: events.length, ...(approvals.length === 0 ? {} : { approvals }) };
  };

  const emit = (record: Record, happening: Happening): void => {
    const event: JobEvent = { jobId: record.job.id, seq: record.events.length + 1, at: NOW, happening };
    record.events.push(event);
    for (const listener of listeners) listener(event, record.job.owner);
  };

  const desk = createFixtureApprovals((id, happening) => emit(find(id), happening), elicitation);

  const setStatus = (record: Record, to: JobStatus): void => {
    const from = record.job.status;
    if (to !== 'running') desk.cancelAll(record.job.id);
    record.job = { ...record.job, status: to, ...(to === 'running' ? {} : { endedAt: NOW + 1000 }) };
    emit(record, { type: 'job.status', from, to });
  };

  const moves = createTaskMoves<Record>({ emit, setStatus });

  const create = (spec: JobSpec, key: string | undefined, owner: PrincipalId): Record => {
    const id = jobIdSchema.parse(`job_${String(records.size + 1).padStart(16, '0')}`);
    const specs = spec.tasks ?? [
      taskSpecSchema.parse({
        id: 't1',
        title: 'All',
        prompt: spec.request,
        dependsOn: [],
        priority: spec.priority,
      }),
    ];
    const job: Job = {
      id,
      owner,
      spec,
      status: 'running',
      createdAt: NOW,
      warnings: [],
      applied: false,
      filesChanged: [],
      verification: 'none',
      overheadCostUsd: 0.01,
    };
    const record: Record = { job, tasks: specs.map((task) => newTask(id, task)), events: [], key };
    records.set(id, record);
    emit(record, { type: 'job.submitted', request: spec.request });
    return record;
  };

  const waitFor = (record: Record, options: Parameters<Orchestrator['wait']>[1]): Promise<void> =>
    new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        listeners.delete(listener);
        clearTimeout(timer);
        options.signal.removeEventListener('abort', onAbort);
        settle();
      };
      const onAbort = (): void => finish(() => reject(options.signal.reason));
      const check = (): void => {
        const wantsPerson = record.job.attention !== undefined || desk.open(record.job.id).length > 0;
        if (isTerminal(record.job) || wantsPerson) finish(resolve);
      };
      const listener = (event: JobEvent): void => {
        if (event.jobId !== record.job.id) return;
        options.onEvent(event, view(record));
        check();
      };
      const timer = setTimeout(() => finish(resolve), options.waitMs);
      options.signal.addEventListener('abort', onAbort);
      listeners.add(listener);
      check();
    });

  return {
    analyze: async ({ request, tasks, priority }) => ({
      complexity: 'MODERATE',
      splittable: true,
      suggestedWorkers: 3,
      priority,
      reasons: [`${request.length} characters`],
      preview: tasks,
      estimate: {
        tasks: 3,
        workers: 3,
        criticalPathSeconds: 60.04,
        serialSeconds: 180,
        parallelWorthIt: true,
        costUsd: 0.5,
      },
      verdict: 'Worth it: 60 s against 180 s.',
      cached: false,
    }),
    submit: async (spec, key, owner = LOCAL_AGENT.id) => {
      // A fault of our own, with all that must not get out.
      if (spec.request === 'BOOM') throw new Error('EACCES: /var/lib/secret/orchestrator.db');
      const known = [...records.values()].find((record) => key !== undefined && record.key === key);
      if (known !== undefined && JSON.stringify(known.job.spec) !== JSON.stringify(spec)) {
        throw new ConflictError('This idempotency_key stands for another job.', { hint: 'Use a new key.' });
      }
      return { view: view(known ?? create(spec, key, owner)), created: known === undefined };
    },
    status: async (id) => view(find(id)),
    wait: async (id, options) => {
      const record = find(id);
      await waitFor(record, options);
      return view(record);
    },
    result: async (id) => {
      const record = find(id);
      const { tasks } = record;
      return {
        view: view(record),
        output: tasks.map((task) => `## ${task.spec.title}\n${task.summary ?? ''}`).join('\n'),
        diffStat: ' a.txt | 1 +',
        failures: tasks.flatMap((task) =>
          task.error === undefined ? [] : [{ taskId: task.spec.id, error: task.error }],
        ),
      };
    },
    list: async ({ statuses, limit, cursor, owner }) => {
      const all = [...records.values()]
        .reverse()
        .filter(({ job }) => statuses?.includes(job.status) ?? true)
        .filter(({ job }) => owner === undefined || job.owner === owner);
      const from = cursor === undefined ? 0 : Number(cursor);
      const rest = from + limit < all.length ? String(from + limit) : undefined;
      return { views: all.slice(from, from + limit).map(view), nextCursor: rest };
    },
    cancel: async (id, taskId: TaskId | undefined, reason) => {
      const record = find(id);
      if (taskId === undefined) setStatus(record, 'cancelled');
      else moves.cancel(record, taskId, reason);
      return view(record);
    },
    steer: async (id, steer, who = LOCAL_AGENT) => {
      const record = find(id);
      demandLifter(record.job, steer, who);
      if (liftsPause(record.job, steer)) record.job = { ...record.job, attention: undefined };
      if (steer.action === 'message') {
        const [, command] = /^ask (.*)$/s.exec(steer.message) ?? [];
        if (command === undefined) moves.apply(record, steer.taskId, steer.message);
        else desk.ask(record.job, steer.taskId, command);
      }
      if (steer.action === 'retry' && steer.taskId !== undefined) moves.apply(record, steer.taskId, 'reopen');
      if (steer.action === 'skip') moves.skip(record, steer.taskId, steer.reason ?? 'skipped');
      return view(record);
    },
    taskOutput: async (id, taskId, { offset, limit }) => {
      const task = find(id).tasks.find((one) => one.spec.id === taskId);
      if (task === undefined)
        throw new JobNotFoundError(`There is no task ${taskId}.`, { hint: 'See job_status.' });
      const text = task.spec.prompt;
      const end = offset + limit;
      return {
        text: text.slice(offset, end),
        size: text.length,
        nextOffset: end < text.length ? end : undefined,
      };
    },
    events: async (id, after, limit) =>
      find(id)
        .events.filter(({ seq }) => seq > after)
        .slice(0, limit),
    diff: async (id) => `diff of ${find(id).job.id}\n+\u001b[31mred\u001b[0m\n`,
    desk,
    approvals: (query, who = LOCAL_AGENT) => desk.list(who, query),
    approval: (id, who = LOCAL_AGENT) => desk.get(who, id),
    decide: (id, input, who = { principal: LOCAL_AGENT, via: undefined }) => desk.decide(who, id, input),
    health: async () => ({
      status: 'ok',
      problems: [],
      version: '0.0.0',
      uptimeSeconds: 1.4,
      workers: { limit: 4, live: 0, busy: 0 },
      queue: { openTasks: 0, limit: 10_000, jobsRunning: 0 },
      memory: { serverBytes: process.memoryUsage.rss(), availableBytes: 1 },
      claude: undefined,
      node: process.version,
    }),
    subscribe: (hear) => {
      const listener = (event: JobEvent, owner: PrincipalId): void => hear(event, owner);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    followTaskOutput: async () => () => {},
    workers: async () => [],
    spend: async () => 0,
  };
};
