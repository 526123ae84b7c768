import { countText } from '../../ui/format.ts';
import { isEnded } from '../data/jobStore.ts';
import { useScene } from '../jobContext.ts';
import { ConfirmButton } from '../ui/ConfirmButton.tsx';
import { CopyButton } from '../ui/CopyButton.tsx';

/** What can be done with the job as a whole. */
export const JobActions = () => {
  const { store, calls, done } = useScene();
  const job = store.job.value;
  if (job === undefined) return null;
  const again = job.tasks.filter((task) => task.status === 'failed' || task.status === 'skipped').length;
  const waits = job.attention !== undefined && !isEnded(job);
  const canRetry = job.status === 'failed' || (job.status === 'running' && again > 0) || waits;
  return (
    <div class="job-actions">
      <CopyButton text={job.job_id} label="Copy id" />
      {calls !== undefined && canRetry && (
        <ConfirmButton
          label="Retry"
          title={waits ? 'Let the job go on?' : 'Run again what failed?'}
          confirm={waits ? 'Go on' : 'Run again'}
          action={() => calls.retry(job.job_id)}
          onDone={done}
        >
          <p>
            {waits && 'It goes on where it waits. '}
            {again > 0 &&
              `${countText(again, 'task')} that failed or was skipped starts anew from the beginning. `}
            What is done stays done. This costs tokens again.
          </p>
        </ConfirmButton>
      )}
      {calls !== undefined && !isEnded(job) && (
        <ConfirmButton
          danger
          label="Cancel job"
          title="Cancel this job?"
          confirm="Cancel the job"
          action={() => calls.cancelJob(job.job_id)}
          onDone={done}
        >
          <p>
            {countText(job.progress.total - job.progress.done, 'task')} will not be done; their workers are
            stopped. A cancelled job cannot be taken up again. Work that is committed stays on its branches.
          </p>
        </ConfirmButton>
      )}
    </div>
  );
};
