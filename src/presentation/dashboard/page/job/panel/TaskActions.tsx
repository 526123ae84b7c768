import { useScene } from '../jobContext.ts';
import { canCancel, canHear, canRunAgain, canSkip } from '../model/taskActions.ts';
import type { WholeTask } from '../model/wire.ts';
import { ConfirmButton } from '../ui/ConfirmButton.tsx';
import { MessageForm } from './MessageForm.tsx';

/** What can be done with a task as it stands now; nothing is offered that would be refused. */
export const TaskActions = ({ task }: { readonly task: WholeTask }) => {
  const { store, calls, done } = useScene();
  const job = store.job.value;
  if (job === undefined || calls === undefined) return null;
  return (
    <>
      <div class="job-actions">
        {canRunAgain(job, task) && (
          <ConfirmButton
            label="Run again"
            title="Run this task again?"
            confirm="Run again"
            action={() => calls.retry(job.job_id, task.id)}
            onDone={done}
          >
            <p>
              It starts anew from its base, and tasks that were skipped for it follow. This costs tokens
              again.
            </p>
          </ConfirmButton>
        )}
        {canSkip(job, task) && (
          <ConfirmButton
            label="Skip"
            title="Skip this task?"
            confirm="Skip it"
            action={() => calls.skipTask(job.job_id, task.id)}
            onDone={done}
          >
            <p>
              It is not done, and its worker is stopped if it has one. Tasks that depend on it are skipped
              too.
            </p>
          </ConfirmButton>
        )}
        {canCancel(job, task) && (
          <ConfirmButton
            danger
            label="Cancel task"
            title="Cancel this task?"
            confirm="Cancel the task"
            action={() => calls.cancelTask(job.job_id, task.id)}
            onDone={done}
          >
            <p>
              Its worker is stopped, and it cannot be run again in this job. Tasks that depend on it are
              skipped.
            </p>
          </ConfirmButton>
        )}
      </div>
      {canHear(task) && <MessageForm taskId={task.id} />}
    </>
  );
};
