import { signal } from '@preact/signals';

export type ToastEntry = {
  readonly id: number;
  readonly text: string;
  readonly tone: 'good' | 'bad' | 'idle';
};

const SHOWN_MS = 6000;

export const toasts = signal<readonly ToastEntry[]>([]);
let lastId = 0;

export const dismissToast = (id: number): void => {
  toasts.value = toasts.value.filter((entry) => entry.id !== id);
};

/** Says something in passing; screen readers hear it too. What must be kept belongs into the page itself. */
export const toast = (text: string, tone: ToastEntry['tone'] = 'idle'): void => {
  lastId += 1;
  const id = lastId;
  toasts.value = [...toasts.value.slice(-3), { id, text, tone }];
  setTimeout(() => dismissToast(id), SHOWN_MS);
};
