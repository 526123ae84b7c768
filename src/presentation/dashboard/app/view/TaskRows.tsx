import { useEffect, useRef } from 'preact/hooks';
import { useScene } from '../../page/job/jobContext.ts';
import { duration } from '../../page/job/model/format.ts';
import type { WholeTask } from '../../page/job/model/wire.ts';
import { STATUS_WORDS } from '../../page/job/model/words.ts';
import { StatusIcon } from '../../page/job/ui/StatusIcon.tsx';
import { moneyText } from '../../page/ui/format.ts';
import { TaskDetails } from './TaskDetails.tsx';

type Props = {
  readonly selected: string | undefined;
  readonly onSelect: (taskId: string | undefined) => void;
};

/** The tasks, a line each; the chosen one is open. */
export const TaskRows = ({ selected, onSelect }: Props) => {
  const { store } = useScene();
  const tasks = store.job.value?.tasks ?? [];
  const left = store.job.value?.progress.total ?? 0;
  return (
    <>
      <ol class="app-rows">
        {tasks.map((task) => (
          <TaskRow
            key={task.id}
            task={task}
            isOpen={task.id === selected}
            onPress={() => onSelect(task.id === selected ? undefined : task.id)}
          />
        ))}
      </ol>
      {left > tasks.length && <p class="quiet">… and {left - tasks.length} more tasks</p>}
    </>
  );
};

type RowProps = { readonly task: WholeTask; readonly isOpen: boolean; readonly onPress: () => void };

const TaskRow = ({ task, isOpen, onPress }: RowProps) => {
  const { seconds } = useScene();
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isOpen) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isOpen]);
  const took = seconds(task);
  return (
    <li ref={row} data-row={task.id}>
      <button type="button" class="app-row" aria-expanded={isOpen} onClick={onPress}>
        <StatusIcon status={task.status} />
        <span class="app-row-title">{task.title}</span>
        <span class="app-row-state">{STATUS_WORDS[task.status]}</span>
        <span class="number">{took > 0 ? duration(took) : ''}</span>
        <span class="number">{task.cost_usd > 0 ? moneyText(task.cost_usd) : ''}</span>
      </button>
      {isOpen && <TaskDetails task={task} />}
    </li>
  );
};
