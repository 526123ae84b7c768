import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { messageTask } from '../data/jobActions.ts';
import { isEnded } from '../data/jobStore.ts';
import { useScene } from '../jobContext.ts';
import { commentMessage, listeners } from '../model/comment.ts';
import type { DiffRow } from '../model/diffLines.ts';
import { CopyButton } from '../ui/CopyButton.tsx';

type Props = { readonly path: string; readonly row: DiffRow; readonly onClose: () => void };

/** A remark on a line, sent to the worker of a running task. Where none runs it says so, and keeps what was written. */
export const CommentBox = ({ path, row, onClose }: Props) => {
  const { store, done } = useScene();
  const field = useRef<HTMLTextAreaElement>(null);
  const ids = { words: useId(), task: useId() };
  const [words, setWords] = useState('');
  const [chosen, setChosen] = useState<string>();
  const [busy, setBusy] = useState(false);
  const job = store.job.value;
  const hearing = listeners(job?.tasks ?? [], path);
  const task = hearing.find((candidate) => candidate.id === chosen) ?? hearing[0];
  useEffect(() => field.current?.focus({ preventScroll: true }), []);

  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (task === undefined || words.trim() === '') return;
    setBusy(true);
    try {
      const result = await messageTask(store.jobId, task.id, commentMessage(path, row, words));
      done(result);
      if (result.ok) onClose();
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      class="diff-comment"
      onSubmit={(event) => void send(event)}
      onClick={(event) => event.stopPropagation()}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        onClose();
      }}
    >
      <label for={ids.words}>
        Comment on{' '}
        <code>
          {path}:{row.kind === 'hunk' ? '' : (row.after ?? row.before)}
        </code>
      </label>
      <textarea
        ref={field}
        id={ids.words}
        class="input"
        rows={3}
        value={words}
        onInput={(event) => setWords(event.currentTarget.value)}
      />
      {task === undefined ? (
        <p class="diff-comment-why">
          {job !== undefined && isEnded(job)
            ? 'The job has ended, so no worker can hear this.'
            : 'No task is running now, so no worker can hear this.'}{' '}
          A retry starts a task anew from its own prompt, and a comment cannot travel with it. Retry first:
          once its worker runs, this can be sent; what you write stays here. Or copy it into a new job.
        </p>
      ) : (
        <div class="field">
          <label for={ids.task}>To the worker of</label>
          <select
            id={ids.task}
            class="input"
            value={task.id}
            onChange={(event) => setChosen(event.currentTarget.value)}
          >
            {hearing.map((candidate) => (
              <option key={candidate.id} value={candidate.id}>
                {candidate.title}
              </option>
            ))}
          </select>
        </div>
      )}
      <div class="job-actions is-end">
        {task === undefined && words.trim() !== '' && (
          <CopyButton text={commentMessage(path, row, words)} label="Copy comment" />
        )}
        <button type="button" class="button small" onClick={onClose}>
          Close
        </button>
        <button
          type="submit"
          class="button small primary"
          disabled={busy || task === undefined || words.trim() === ''}
        >
          Send to worker
        </button>
      </div>
    </form>
  );
};
