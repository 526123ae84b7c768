import { pagePath } from '../data/paths.ts';
import { useScene } from '../jobContext.ts';
import { messagesOf } from '../model/taskHistory.ts';
import type { WholeTask } from '../model/wire.ts';

/** What the worker was asked, what it was told later, and what it said at its end. */
export const PromptTab = ({ task }: { readonly task: WholeTask }) => {
  const { store } = useScene();
  const titles = new Map(store.job.value?.tasks.map((other) => [other.id, other.title]));
  const messages = messagesOf(store.events.value, task.id);
  return (
    <div class="task-text">
      {task.summary !== undefined && (
        <>
          <h3>What the worker says it did</h3>
          <pre class="job-text">{task.summary}</pre>
        </>
      )}
      <h3>Prompt</h3>
      <pre class="job-text">{task.prompt}</pre>
      {messages.length > 0 && (
        <>
          <h3>Messages</h3>
          <ol class="task-events">
            {messages.map(({ at, message }) => (
              <li key={at}>
                <time class="quiet" dateTime={at}>
                  {new Date(at).toLocaleTimeString()}
                </time>{' '}
                <pre class="job-text">{message}</pre>
              </li>
            ))}
          </ol>
        </>
      )}
      {task.depends_on.length > 0 && (
        <>
          <h3>Waits for</h3>
          <ul class="task-links">
            {task.depends_on.map((id) => (
              <li key={id}>
                <a href={pagePath(store.jobId, id)}>{titles.get(id) ?? id}</a>
              </li>
            ))}
          </ul>
        </>
      )}
      <FileList title="Files changed" files={task.files_changed} />
      <FileList title="Files it said it would write" files={task.writes ?? []} />
    </div>
  );
};

const FileList = ({ title, files }: { readonly title: string; readonly files: readonly string[] }) =>
  files.length === 0 ? null : (
    <>
      <h3>{title}</h3>
      <ul class="task-links">
        {files.map((file) => (
          <li key={file}>
            <code>{file}</code>
          </li>
        ))}
      </ul>
    </>
  );
