import { useRef, useState } from 'preact/hooks';
import { useScene } from '../jobContext.ts';

/** A word to the worker that is at work on a task. */
export const MessageForm = ({ taskId }: { readonly taskId: string }) => {
  const { store, calls, done } = useScene();
  const field = useRef<HTMLInputElement>(null);
  const [words, setWords] = useState('');
  const [busy, setBusy] = useState(false);
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (calls === undefined || words.trim() === '') return;
    setBusy(true);
    try {
      const result = await calls.messageTask(store.jobId, taskId, words);
      // What was written is not lost where it could not be sent.
      if (result.ok) setWords('');
      done(result);
    } finally {
      setBusy(false);
      // The button that had the focus has nothing to send now: the keyboard must not be left nowhere.
      field.current?.focus();
    }
  };
  return (
    <form class="task-message" onSubmit={(event) => void send(event)}>
      <input
        ref={field}
        class="input"
        aria-label="Message to the worker"
        placeholder="Message to the worker"
        value={words}
        onInput={(event) => setWords(event.currentTarget.value)}
      />
      <button type="submit" class="button primary" disabled={busy || words.trim() === ''}>
        Send
      </button>
    </form>
  );
};
