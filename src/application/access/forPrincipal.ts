import { ForbiddenError } from '../../domain/errors/index.ts';
import type { JobId } from '../../domain/ids.ts';
import { may, maySee, maySteer, type Principal } from '../../domain/principal.ts';
import type { JobView, Orchestrator } from '../api.ts';
import type { Decider } from '../approving/approvals.ts';
import { unknownJob } from '../observing/unknownJob.ts';
import { demandLifter, liftsPause } from './denialPause.ts';

const forbidden = (what: string, who: string): ForbiddenError =>
  new ForbiddenError(`This credential may not ${what}.`, {
    hint: `Use a credential with the role ${who}; \`claude-orchestrator keys create\` makes one.`,
  });

/**
 * The orchestrator as one principal has it: jobs of others do not exist for who may not see them, and nobody
 * submits or decides in another's name. Every face that serves more than one principal goes through here.
 * @param via how the session of the principal was opened, if it is one. @param session its name in the audit log.
 */
export const forPrincipal = (
  orchestrator: Orchestrator,
  principal: Principal,
  via?: Decider['via'],
  session?: Decider['session'],
): Orchestrator => {
  const seen = async (id: JobId): Promise<JobView> => {
    const view = await orchestrator.status(id);
    if (!maySee(principal, view.job.owner)) throw unknownJob(id);
    return view;
  };
  const steered = async (id: JobId): Promise<void> => {
    const { job } = await seen(id);
    if (!maySteer(principal, job.owner)) throw forbidden('change a job', 'agent (of its own) or admin');
  };
  const seesAll = may(principal, 'read_all');

  return {
    analyze: async (input) => {
      if (!may(principal, 'submit')) throw forbidden('analyze a request', 'agent or admin');
      return orchestrator.analyze(input);
    },
    submit: async (spec, idempotencyKey) => {
      if (!may(principal, 'submit')) throw forbidden('submit a job', 'agent or admin');
      return orchestrator.submit(spec, idempotencyKey, principal.id);
    },
    status: seen,
    wait: async (id, options) => {
      await seen(id);
      return orchestrator.wait(id, options);
    },
    result: async (id) => {
      await seen(id);
      return orchestrator.result(id);
    },
    list: async (filter) =>
      seesAll ? orchestrator.list(filter) : orchestrator.list({ ...filter, owner: principal.id }),
    cancel: async (id, taskId, reason) => {
      await steered(id);
      return orchestrator.cancel(id, taskId, reason, principal.id);
    },
    steer: async (id, steer) => {
      const { job } = await seen(id);
      // An approver steers nothing else. Who may lift the pause is asked again where it is lifted.
      if (liftsPause(job, steer)) demandLifter(job, steer, principal);
      else await steered(id);
      return orchestrator.steer(id, steer, principal, { via, session });
    },
    taskOutput: async (id, taskId, page) => {
      await seen(id);
      return orchestrator.taskOutput(id, taskId, page);
    },
    followTaskOutput: async (id, taskId, onGrowth) => {
      await seen(id);
      return orchestrator.followTaskOutput(id, taskId, onGrowth);
    },
    events: async (id, after, limit) => {
      await seen(id);
      return orchestrator.events(id, after, limit);
    },
    diff: async (id) => {
      await seen(id);
      return orchestrator.diff(id);
    },
    approvals: async (query) => orchestrator.approvals(query, principal),
    approval: async (id) => orchestrator.approval(id, principal),
    // The face may say that a client answered for its user, which proves less; nobody can say who else it is.
    decide: async (id, input, who) =>
      orchestrator.decide(id, input, {
        principal,
        via: who?.via === 'elicitation' ? 'elicitation' : via,
        session,
      }),
    health: () => orchestrator.health(),
    workers: async () => {
      const all = await orchestrator.workers();
      if (seesAll) return all;
      const views = await Promise.all(all.map(({ jobId }) => orchestrator.status(jobId)));
      return all.filter((_, at) => views[at]?.job.owner === principal.id);
    },
    spend: (since) => orchestrator.spend(since),
    subscribe: (listener) =>
      orchestrator.subscribe((event, owner) => {
        if (maySee(principal, owner)) listener(event, owner);
      }),
  };
};
