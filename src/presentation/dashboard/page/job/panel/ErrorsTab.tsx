import { Empty } from '../../ui/Empty.tsx';
import { Note } from '../../ui/Note.tsx';
import { useScene } from '../jobContext.ts';
import { failuresOf } from '../model/taskHistory.ts';
import type { WholeTask } from '../model/wire.ts';
import { CopyButton } from '../ui/CopyButton.tsx';

/** What went wrong, the last first, and what to do about it. */
export const ErrorsTab = ({ task }: { readonly task: WholeTask }) => {
  const { store } = useScene();
  const failures = failuresOf(store.events.value, task.id).toReversed();
  const { error } = task;
  // What ended it is told by its last event as well; where that has not come yet, by the task itself.
  const bare = error !== undefined && !failures.some((failure) => failure.final) ? error : undefined;
  if (failures.length === 0 && bare === undefined && task.reason === undefined)
    return <Empty title="No errors" />;
  return (
    <div class="task-text">
      {task.reason !== undefined && (
        <Note tone="idle" title={task.status === 'skipped' ? 'Why it was skipped' : 'Why it was cancelled'}>
          <p>{task.reason}</p>
        </Note>
      )}
      {bare !== undefined && <Failure code={bare.code} message={bare.message} hint={bare.hint} final />}
      {failures.map((failure) => (
        <Failure key={failure.at} {...failure} />
      ))}
      {task.kept_worktree !== undefined && (
        <p>
          Its worktree was kept to be looked at: <code>{task.kept_worktree}</code>{' '}
          <CopyButton text={task.kept_worktree} label="Copy" />
        </p>
      )}
    </div>
  );
};

type FailureProps = {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly final: boolean;
  readonly attempt?: number;
  readonly at?: string;
};

const Failure = ({ code, message, hint, final, attempt, at }: FailureProps) => (
  <Note
    tone={final ? 'bad' : 'warn'}
    title={final ? 'Failed' : `Attempt ${attempt ?? ''} ended badly and was tried again`}
  >
    <p class="task-error-text">{message}</p>
    <p>
      <strong>What to do:</strong> {hint}
    </p>
    <p class="quiet mono">
      {code}
      {at !== undefined && ` · ${new Date(at).toLocaleTimeString()}`}
    </p>
  </Note>
);
