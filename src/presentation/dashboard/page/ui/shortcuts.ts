import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { remembered } from '../data/remembered.ts';

export type Shortcut = { readonly key: string; readonly label: string; readonly run: () => void };

/** What the help lists: the shortcuts of what is on the page now. */
export const shortcuts = signal<readonly Shortcut[]>([]);

/** Single keys can be switched off: speech input and shaky hands press them by mistake. */
export const shortcutsOn = remembered<boolean>('shortcuts', true);

/** A key, as `KeyboardEvent.key` spells it, that works while the component is there and no field has focus. */
export const useShortcut = (key: string, label: string, run: () => void): void => {
  useEffect(() => {
    const shortcut: Shortcut = { key, label, run };
    shortcuts.value = [...shortcuts.value, shortcut];
    return () => {
      shortcuts.value = shortcuts.value.filter((entry) => entry !== shortcut);
    };
  }, [key, label, run]);
};

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.closest('input, textarea, select, dialog') !== null);

document.addEventListener('keydown', (event) => {
  if (!shortcutsOn.value || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (isTyping(event.target)) return;
  const found = shortcuts.value.findLast((entry) => entry.key === event.key);
  if (found === undefined) return;
  event.preventDefault();
  found.run();
});
