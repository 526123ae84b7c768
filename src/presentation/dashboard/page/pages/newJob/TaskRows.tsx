import { Icon } from '../../ui/Icon.tsx';
import { idOf, newTask, type Problems, type TaskDraft } from './draft.ts';
import { change, draft } from './keptDraft.ts';
import { TextField } from './TextField.tsx';

const put = (key: number, part: Partial<TaskDraft>): void =>
  change({ tasks: draft.value.tasks.map((task) => (task.key === key ? { ...task, ...part } : task)) });

/** The caller's own plan, if there is one: without rows the request is split by the server. */
export const TaskRows = ({ problems }: { readonly problems: Problems }) => {
  const { tasks } = draft.value;
  return (
    <section aria-labelledby="tasks-title" class="task-rows">
      <h2 id="tasks-title">Tasks</h2>
      {tasks.length === 0 ? (
        <p class="quiet">The request is split for you. Add tasks to lay down the plan yourself.</p>
      ) : null}
      {tasks.map((task, at) => (
        <TaskRow key={task.key} task={task} at={at} problem={problems.get(`task ${at}`)} />
      ))}
      <button type="button" class="button" onClick={() => change({ tasks: [...tasks, newTask(tasks)] })}>
        <Icon name="plus" />
        Add a task
      </button>
    </section>
  );
};

type TaskRowProps = {
  readonly task: TaskDraft;
  readonly at: number;
  readonly problem: string | undefined;
};

const TaskRow = ({ task, at, problem }: TaskRowProps) => (
  <fieldset class="card task-row">
    <legend class="hidden-words">Task {idOf(task, at)}</legend>
    <div class="task-row-head">
      <TextField
        label="Id"
        isCode
        placeholder={`t${at + 1}`}
        value={task.id}
        onChange={(id) => put(task.key, { id })}
      />
      <TextField
        label="After"
        isCode
        placeholder={at === 0 ? 'nothing' : 't1, t2'}
        value={task.dependsOn}
        onChange={(dependsOn) => put(task.key, { dependsOn })}
      />
      <TextField
        label="Verify"
        isCode
        placeholder="exit 0 = done"
        value={task.verify}
        onChange={(verify) => put(task.key, { verify })}
      />
      <button
        type="button"
        class="button plain small"
        aria-label={`Remove task ${idOf(task, at)}`}
        title="Remove"
        onClick={() => change({ tasks: draft.value.tasks.filter((entry) => entry.key !== task.key) })}
      >
        <Icon name="trash" />
      </button>
    </div>
    <TextField
      label="Prompt"
      rows={2}
      value={task.prompt}
      onChange={(prompt) => put(task.key, { prompt })}
      problem={problem}
    />
  </fieldset>
);
