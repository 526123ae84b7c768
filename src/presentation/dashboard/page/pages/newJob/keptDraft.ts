import { effect, signal } from '@preact/signals';
import { type Draft, EMPTY_DRAFT } from './draft.ts';

const KEY = 'orchestrator.draft';

const isDraft = (value: unknown): value is Draft =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(EMPTY_DRAFT).every(
    ([name, like]) =>
      name in value && typeof Object.getOwnPropertyDescriptor(value, name)?.value === typeof like,
  );

const stored = (): Draft => {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
    return isDraft(value) && Array.isArray(value.tasks) ? value : EMPTY_DRAFT;
  } catch {
    return EMPTY_DRAFT;
  }
};

/** The form of this tab: it outlives a reload, not the tab. */
export const draft = signal<Draft>(stored());

effect(() => {
  const text = JSON.stringify(draft.value);
  try {
    sessionStorage.setItem(KEY, text);
  } catch {
    // Forgotten at a reload, no more.
  }
});

export const change = (part: Partial<Draft>): void => {
  draft.value = { ...draft.value, ...part };
};
