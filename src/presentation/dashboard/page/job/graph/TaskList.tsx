import { countText } from '../../ui/format.ts';
import { pagePath } from '../data/paths.ts';
import { useScene } from '../jobContext.ts';
import type { WholeTask } from '../model/wire.ts';
import { STATUS_WORDS } from '../model/words.ts';

/** The graph in words, for those who hear the page. It cannot be seen, and the tab key passes it by. */
export const TaskList = ({ tasks }: { readonly tasks: readonly WholeTask[] }) => {
  const { store } = useScene();
  const titles = new Map(tasks.map((task) => [task.id, task.title]));
  return (
    <div class="hidden-words">
      <h3>The tasks as a list</h3>
      <ol>
        {tasks.map((task) => (
          <li key={task.id}>
            <a href={pagePath(store.jobId, task.id)} tabIndex={-1}>
              {task.title}
            </a>
            : {STATUS_WORDS[task.status]}, {countText(task.attempts, 'attempt')}
            {task.depends_on.length > 0 &&
              `, after ${task.depends_on.map((id) => titles.get(id) ?? id).join(', ')}`}
          </li>
        ))}
      </ol>
    </div>
  );
};
