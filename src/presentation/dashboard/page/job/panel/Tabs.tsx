import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

type Tab = { readonly id: string; readonly name: string; readonly content: () => ComponentChildren };

type Props = { readonly tabs: readonly Tab[]; readonly label?: string };

/** Tabs as the ARIA practices have them: arrow keys change them, the tab key goes on to the content. */
export const Tabs = ({ tabs, label = 'About this task' }: Props) => {
  const [chosen, setChosen] = useState(tabs[0]?.id);
  const current = tabs.find((tab) => tab.id === chosen);
  const onKeyDown = (event: KeyboardEvent): void => {
    const index = tabs.findIndex((tab) => tab.id === chosen);
    const to =
      event.key === 'ArrowRight'
        ? (index + 1) % tabs.length
        : event.key === 'ArrowLeft'
          ? (index - 1 + tabs.length) % tabs.length
          : event.key === 'Home'
            ? 0
            : event.key === 'End'
              ? tabs.length - 1
              : -1;
    const next = tabs[to];
    if (next === undefined) return;
    event.preventDefault();
    setChosen(next.id);
    document.getElementById(`task-tab-${next.id}`)?.focus();
  };
  return (
    <>
      <div class="task-tabs" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
        {tabs.map((tab) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={`task-tab-${tab.id}`}
            aria-selected={tab.id === chosen}
            aria-controls="task-tab-panel"
            tabIndex={tab.id === chosen ? 0 : -1}
            onClick={() => setChosen(tab.id)}
          >
            {tab.name}
          </button>
        ))}
      </div>
      <div class="task-panel-body" role="tabpanel" id="task-tab-panel" aria-labelledby={`task-tab-${chosen}`}>
        {current?.content()}
      </div>
    </>
  );
};
