import type { AuditEntry } from '../../domain/audit.ts';
import { ForbiddenError } from '../../domain/errors/index.ts';
import type { Job } from '../../domain/job.ts';
import { mayLetGoOn, type Principal } from '../../domain/principal.ts';
import type { Steer } from '../api.ts';
import type { Decider } from '../approving/approvals.ts';

type Paused = Pick<Job, 'id' | 'owner' | 'attention'>;

/** True where this lets a job go on that was stopped because calls of its workers were denied again and again. */
export const liftsPause = ({ attention }: Pick<Job, 'attention'>, { action }: Steer): boolean =>
  action === 'retry' && attention?.wants === 'approver';

/** @throws ForbiddenError where it lifts such a pause and `who` may not: whoever asked never decides. */
export const demandLifter = (job: Paused, steer: Steer, who: Principal): void => {
  if (!liftsPause(job, steer) || mayLetGoOn(who, job.owner)) return;
  throw new ForbiddenError(
    'Calls of this job were denied so often that a person has to let it go on; who submitted it cannot.',
    {
      hint: `The person signs in on the dashboard and presses Retry, or runs \`claude-orchestrator steer ${job.id} --retry\` in a terminal, which asks for the passphrase. job_cancel ends the job.`,
    },
  );
};

/** What the audit log is told of who lets such a job go on. @param how the session was opened, if it is one. */
export const liftedEntry = (
  job: Paused,
  who: Principal,
  how: Pick<Decider, 'via' | 'session'> = { via: undefined },
): Omit<AuditEntry, 'at'> => ({
  type: 'pause.lifted',
  actor: who.id,
  jobId: job.id,
  detail: {
    channel: how.via ?? 'key',
    ...(how.session === undefined ? {} : { session: how.session }),
  },
});

/** Why a job was stopped, and who lets it go on. */
export const pausedReason = ({ id }: Pick<Job, 'id'>): string =>
  `Calls of its workers were denied three times in a row, or twenty times in all: look at what they try. Nothing new is started until a person lets it go on: Retry on the dashboard, signed in as the person, or \`claude-orchestrator steer ${id} --retry\` in a terminal. A server inside its client (\`mcp --in-process\`) has neither: end the client and run \`claude-orchestrator serve\`, which takes the job up, then do as said. Cancelling ends it.`;
