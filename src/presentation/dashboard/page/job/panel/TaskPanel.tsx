import './panel.css';
import { useEffect, useRef } from 'preact/hooks';
import { countText, moneyText } from '../../ui/format.ts';
import { Icon } from '../../ui/Icon.tsx';
import { StateBadge } from '../../ui/StateBadge.tsx';
import { useScene } from '../jobContext.ts';
import { duration } from '../model/format.ts';
import { ErrorsTab } from './ErrorsTab.tsx';
import { LogTab } from './LogTab.tsx';
import { PromptTab } from './PromptTab.tsx';
import { Tabs } from './Tabs.tsx';
import { TaskActions } from './TaskActions.tsx';
import { VerificationTab } from './VerificationTab.tsx';

const NARROW = '(max-width: 700px)';

/** A task beside the page, or on a small screen over it. Escape closes it; it has an address of its own. */
export const TaskPanel = ({ taskId }: { readonly taskId: string }) => {
  const { store, seconds, openTask } = useScene();
  const dialog = useRef<HTMLDialogElement>(null);
  const task = store.job.value?.tasks.find((candidate) => candidate.id === taskId);

  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    // Where it hides the page nothing behind it may take the focus; beside the page both are in use.
    if (matchMedia(NARROW).matches) element?.showModal();
    else element?.show();
    element?.querySelector<HTMLElement>('h2')?.focus();
    return () => {
      element?.close();
      if (before instanceof HTMLElement || before instanceof SVGElement)
        before.focus({ preventScroll: true });
    };
  }, []);

  const close = (): void => openTask(undefined);
  return (
    <dialog
      ref={dialog}
      class="task-panel"
      aria-labelledby="task-panel-title"
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.preventDefault();
        close();
      }}
    >
      <header class="task-panel-head">
        <div class="task-panel-title">
          <h2 id="task-panel-title" tabIndex={-1}>
            {task?.title ?? taskId}
          </h2>
          <button type="button" class="button small plain" aria-label="Close" onClick={close}>
            <Icon name="close" />
          </button>
        </div>
        {task !== undefined && (
          <p class="task-panel-facts">
            <StateBadge state={task.status} />
            <span class="number">{duration(seconds(task))}</span>
            <span class="number">{moneyText(task.cost_usd)}</span>
            <span>{countText(task.attempts, 'attempt')}</span>
            {task.repairs > 0 && <span>{countText(task.repairs, 'repair')}</span>}
            <span>{countText(task.files_changed.length, 'file')}</span>
            {task.model !== undefined && <span>{task.model}</span>}
            <code>{task.id}</code>
          </p>
        )}
        {task !== undefined && <TaskActions task={task} />}
      </header>
      {task === undefined ? (
        <p class="task-panel-body">This job has no such task.</p>
      ) : (
        <Tabs
          tabs={[
            { id: 'log', name: 'Log', content: () => <LogTab task={task} /> },
            { id: 'verification', name: 'Verification', content: () => <VerificationTab task={task} /> },
            { id: 'prompt', name: 'Prompt', content: () => <PromptTab task={task} /> },
            { id: 'errors', name: 'Errors', content: () => <ErrorsTab task={task} /> },
          ]}
        />
      )}
    </dialog>
  );
};
