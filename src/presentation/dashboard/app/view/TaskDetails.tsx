import { useScene } from '../../page/job/jobContext.ts';
import type { WholeTask } from '../../page/job/model/wire.ts';
import { VERIFICATION_WORDS } from '../../page/job/model/words.ts';
import { ErrorsTab } from '../../page/job/panel/ErrorsTab.tsx';
import { TaskActions } from '../../page/job/panel/TaskActions.tsx';

const ENDED: ReadonlySet<string> = new Set(['done', 'failed']);

/** What a task came to, and what can be done with it. */
export const TaskDetails = ({ task }: { readonly task: WholeTask }) => {
  const { calls } = useScene();
  const { name, meaning } = VERIFICATION_WORDS[task.verification];
  const isTroubled = task.error !== undefined || task.reason !== undefined;
  return (
    <div class="app-details">
      {calls !== undefined && <TaskActions task={task} />}
      {isTroubled && <ErrorsTab task={task} />}
      {ENDED.has(task.status) && (
        <p>
          <strong>{name}.</strong> {meaning}
          {task.verification_note !== undefined && <span class="quiet"> {task.verification_note}</span>}
        </p>
      )}
      {task.summary !== undefined && (
        <>
          <p class="quiet">The worker’s own words:</p>
          <pre class="job-text">{task.summary}</pre>
        </>
      )}
      {task.prompt !== '' && (
        <details>
          <summary class="quiet">Prompt</summary>
          <pre class="job-text">{task.prompt}</pre>
        </details>
      )}
    </div>
  );
};
